import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { nameViolations } from './names.ts';

it('finds a folder or file that is named for no part of the product', () => {
  expect(
    nameViolations(['packages/x/src/utils/money.ts', 'src/types.ts', 'src/helpers.test.ts']),
  ).toHaveLength(3);
});

it('finds a module that is not in kebab-case', () => {
  expect(nameViolations(['src/resolvePrice.ts', 'src/resolve_price.ts'])).toHaveLength(2);
});

it('accepts kebab-case modules and PascalCase components', () => {
  expect(nameViolations(['src/resolve-price.test.ts', 'src/UsageChart.tsx', 'src/ambient.node.ts'])).toEqual(
    [],
  );
});

it('holds for every source file of the repository', () => {
  const files = execFileSync('git', ['ls-files', '*.ts', '*.tsx', '*.mjs', '*.css'], {
    cwd: workspaceRoot,
    encoding: 'utf8',
  });
  expect(nameViolations(files.split('\n').filter((path) => path !== ''))).toEqual([]);
});
