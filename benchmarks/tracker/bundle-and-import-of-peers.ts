import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { median } from '../measurement.ts';
import { peersFolder } from './peers/load-package.ts';
import type { Peer } from './peers/peer.ts';
import type { StageFigures } from './peers/peer-figures.ts';

const times = 3;

/** The imports of a program that keeps everything it imports. */
function programOf(imports: string): string {
  const names = [...imports.matchAll(/import (?:\{([^}]*)\}|(\w+)) from/g)].flatMap(([, list, single]) =>
    (list ?? single ?? '').split(',').map((name) => name.trim()),
  );
  return `${imports}\nexport { ${names.join(', ')} };`;
}

async function bundleBytes(peer: Peer): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: programOf(peer.imports), resolveDir: peersFolder, loader: 'js' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    // An application has it already.
    external: ['openai', 'openai/*', ...builtinModules],
    absWorkingDir: peersFolder,
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0]?.text ?? '', { level: 9 }).byteLength;
}

/** Milliseconds until the wrapper is loaded, when `openai` is already. */
async function importTimes(peer: Peer): Promise<readonly number[]> {
  const specifiers = [...peer.imports.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier);
  const program = join(peersFolder, 'node_modules', `.import-${peer.id}.mjs`);
  await writeFile(
    program,
    `await import('openai');
const begun = performance.now();
${specifiers.map((specifier) => `await import('${specifier}');`).join('\n')}
console.log('took ' + (performance.now() - begun));
process.exit(0);\n`,
  );
  try {
    return Array.from({ length: times }, () => {
      const child = spawnSync(process.execPath, [program], {
        encoding: 'utf8',
        timeout: 15_000,
        env: { PATH: process.env['PATH'], DO_NOT_TRACK: '1' },
      });
      const took = /took ([\d.]+)/.exec(child.stdout)?.[1];
      if (took === undefined) throw new Error(child.stderr.trim().split('\n').at(-1));
      return Number(took);
    });
  } finally {
    await rm(program, { force: true });
  }
}

/** What it costs to have a wrapper at all, in bytes of a bundle and in time to load. */
export async function bundleAndImport(
  peer: Peer,
): Promise<{ readonly figures: StageFigures; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  let figures: StageFigures = {};
  try {
    const values = await importTimes(peer);
    const spread = [Math.min(...values), Math.max(...values)] as const;
    figures = { ...figures, importMs: { value: median(values), spread } };
  } catch (error) {
    failures.push(`import: ${String(error)}`);
  }
  try {
    figures = { ...figures, bundleBytes: await bundleBytes(peer) };
  } catch (error) {
    const [first = ''] = error instanceof Error ? error.message.split('\n').slice(1) : [String(error)];
    failures.push(`bundle: esbuild says ${first.replaceAll(peersFolder, '').slice(0, 140)}`);
  }
  return { figures, failures };
}
