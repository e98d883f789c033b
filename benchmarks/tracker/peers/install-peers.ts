import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peersFolder } from './load-package.ts';

const stampFile = join(peersFolder, 'node_modules', '.tallykit-peers');

/** Changes when the manifest or the lockfile does. */
function wantedHash(): string {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'package-lock.json'])
    hash.update(readFileSync(join(peersFolder, file)));
  return hash.digest('hex');
}

/** Installs the wrappers in this folder, apart from the workspace; does nothing when they are in place. */
export async function installPeers(): Promise<void> {
  const wanted = wantedHash();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  process.stderr.write(
    'Installing the wrappers to compare with (about 500 packages, 600 MB, a minute) ...\n',
  );
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: peersFolder,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    child.on('error', () => resolve(127));
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new Error(
      `The wrappers could not be installed: npm ci ended with code ${code}. Nothing can be compared without them. ` +
        'Check the connection and "npm config get registry", then run the same command again.',
    );
  }
  writeFileSync(stampFile, wanted);
}
