import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from './run-to-end.mjs';
import { workspaceNode, workspaceRoot } from './workspace.mjs';

// Reached through npx, because a `packageManager` pin would make this pnpm look for another one when called by a script.
const pnpm = 'pnpm@12.21.0';
const stampFile = join(workspaceRoot, 'node_modules', '.tallykit-install');

/** Installs what the lockfile names; does nothing, without the network, when that is already in place. */
export async function installWorkspace() {
  const wanted = manifestHash();
  if (existsSync(workspaceNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) {
    console.log('Dependencies are in place.');
    return { ok: true };
  }
  console.log('Installing dependencies (the first time takes a minute or two) ...');
  let output = '';
  const code = await runToEnd(
    'npx',
    ['-y', pnpm, 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false'],
    { cwd: workspaceRoot, onOutput: (text) => (output = (output + text).slice(-20_000)) },
  );
  if (code !== 0) return { ok: false, message: explainFailure(code, output) };
  if (!existsSync(workspaceNode)) {
    return {
      ok: false,
      message:
        'Dependencies were installed, but the workspace Node is missing: install scripts seem to be switched off ' +
        '(npm setting "ignore-scripts"). Allow them, delete node_modules, and run the same command again.',
    };
  }
  const started = spawnSync(workspaceNode, ['--version'], { encoding: 'utf8' });
  if (started.status !== 0) {
    return {
      ok: false,
      message:
        'Dependencies were installed, but the workspace Node does not start on this machine, and everything else runs ' +
        `on it. It says: ${(started.stderr || started.error?.message || 'nothing').trim()}`,
    };
  }
  writeFileSync(stampFile, wanted);
  return { ok: true };
}

/** Changes when the lockfile, the workspace or any package's own manifest changes. */
function manifestHash() {
  const hash = createHash('sha256');
  for (const file of manifests())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(workspaceRoot, file)));
  return hash.digest('hex');
}

function manifests() {
  const parents = ['packages', 'apps'];
  const nested = parents.flatMap((parent) =>
    readdirSync(join(workspaceRoot, parent)).map((folder) => `${parent}/${folder}`),
  );
  return ['.', 'benchmarks', 'e2e', 'tooling', ...nested.sort()]
    .map((folder) => join(folder, 'package.json'))
    .concat('pnpm-lock.yaml', 'pnpm-workspace.yaml')
    .filter((file) => existsSync(join(workspaceRoot, file)));
}

function explainFailure(code, output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL/.test(output)) {
    return (
      'Dependencies could not be installed: the npm registry could not be reached. The first run needs the network. ' +
      'Check the connection and "npm config get registry", then run the same command again.'
    );
  }
  if (/ENOSPC/.test(output)) {
    return 'Dependencies could not be installed: the disk is full. About 2 GB are needed. Free space and run again.';
  }
  if (/OUTDATED_LOCKFILE/.test(output)) {
    return (
      'Dependencies could not be installed: pnpm-lock.yaml does not match the package.json files. ' +
      `Run "npx -y ${pnpm} install", look at the change and commit it.`
    );
  }
  return `Dependencies could not be installed: pnpm ended with code ${code}. Its last lines above say why.`;
}
