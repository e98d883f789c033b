import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../checks/run-command.ts';
import { workspaceRoot } from '../checks/workspace-root.ts';

// One wrong file a rule: a rule that was switched off, or is no longer understood, fails here.
const wrong: Readonly<Record<string, string>> = {
  'typescript-eslint(no-floating-promises)': 'const later = async () => 1; later();',
  'typescript-eslint(switch-exhaustiveness-check)': `export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; } return 2; }`,
  'typescript-eslint(consistent-type-imports)': `import { Stats } from 'node:fs'; export const f = (s: Stats) => s.size;`,
  'typescript-eslint(no-explicit-any)': 'export const f = (x: any) => x;',
  'typescript-eslint(ban-ts-comment)': '// @ts-ignore\nexport const x: number = 1;',
  'typescript-eslint(no-non-null-assertion)': 'export const f = (x: number | null) => x!;',
  'typescript-eslint(no-misused-promises)': 'const f = async () => true; if (f()) { globalThis.name = "x"; }',
  'eslint(no-console)': 'console.log(1);',
  'eslint(max-params)': 'export const f = (a: 1, b: 2, c: 3, d: 4, e: 5) => [a, b, c, d, e];',
  'eslint(max-lines)': 'export {};\n'.repeat(401),
  'eslint(eqeqeq)': 'export const f = (a: number) => a == 1;',
  'eslint(no-unused-vars)': 'const unused = 1; export {};',
  'react-hooks(rules-of-hooks)': `import { useState } from 'react'; export function Odd({ on }: { on: boolean }) { if (on) useState(1); return null; }`,
  'react-hooks(exhaustive-deps)': `import { useEffect } from 'react'; export function Odd({ n }: { n: number }) { useEffect(() => { globalThis.name = String(n); }, []); return null; }`,
  'vitest(no-focused-tests)': `import { it } from 'vitest'; it.only('x', () => {});`,
  'vitest(no-disabled-tests)': `import { it } from 'vitest'; it.skip('x', () => {});`,
};

describe('lint', () => {
  let folder = '';
  let output = '';
  beforeAll(async () => {
    // Outside the repository, so that nothing else ever sees these files.
    folder = await mkdtemp(join(tmpdir(), 'tallykit-lint-'));
    await symlink(join(workspaceRoot, 'node_modules'), join(folder, 'node_modules'));
    await copyFile(join(workspaceRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    const settings = { extends: join(workspaceRoot, 'tooling/tsconfig/browser.json'), include: ['.'] };
    const ring = {
      [fileFor('import(no-cycle)')]: `import type { B } from './ring.ts'; export type A = B;`,
      'ring.ts': `import type { A } from './${fileFor('import(no-cycle)')}'; export type B = A;`,
      'tsconfig.json': JSON.stringify(settings),
    };
    const files = Object.entries(wrong).map(([rule, text]) => [fileFor(rule), text] as const);
    const all = [...files, ...Object.entries(ring)];
    for (const [file, text] of all) await writeFile(join(folder, file), text);
    const args = ['--type-aware', '--format', 'unix', ...all.map(([file]) => file)];
    output = (await runCommand('oxlint', args, { cwd: folder, timeoutMs: 60_000 })).output;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([...Object.keys(wrong), 'import(no-cycle)'])('finds a breach of %s', (rule) => {
    const lines = output.split('\n').filter((line) => line.includes(fileFor(rule)));
    expect(lines.join('\n')).toContain(rule.replace(/^.*\(|\)$/g, ''));
  });
});

function fileFor(rule: string): string {
  const name = rule.replace(/[^a-z]+/g, '-').replace(/-$/, '');
  return `${name}.${rule.startsWith('vitest') ? 'test.ts' : 'tsx'}`;
}
