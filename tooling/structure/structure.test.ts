import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { readSources, sourceFile, type SourceFile } from '../graph/source-file.ts';
import { lengthViolations } from './long-files.ts';
import { homeViolations, singleHomes } from './single-homes.ts';

const serverHomes = singleHomes['server-adapter'] ?? [];

describe('single homes', () => {
  const cases: readonly [string, string, string][] = [
    ['money arithmetic', 'insights/revenue-hero.ts', `import { Decimal } from 'decimal.js';`],
    ['the clock by Date.now', 'ingestion/validate.ts', 'export const at = Date.now();'],
    ['the clock by new Date', 'ingestion/validate.ts', 'export const at = new Date();'],
    ['SQL in a string', 'pricing/book.ts', `export const text = 'insert into price values (1)';`],
    [
      'SQL in a template',
      'pricing/book.ts',
      'export const text = (t: string) => `select * from ${t} where a = 1`;',
    ],
    ['a SQL builder', 'datasets/plan.ts', `import { sql } from 'kysely';`],
    ['a driver', 'log/append.ts', `import type { Pool } from 'pg';`],
    ['the read door', 'insights/token-spend.ts', 'export const f = (s: any) => s.forScope({});'],
    ['the catalogue', 'endpoints/routes.ts', `import { data } from '@pydantic/genai-prices';`],
  ];
  it.each(cases)('finds %s away from its home', (_name, path, text) => {
    expect(homeViolations([sourceFile(path, text)], serverHomes)).toHaveLength(1);
  });

  it('accepts each thing at home, dates made from a given instant, and prose that mentions a table', () => {
    const atHome = [
      sourceFile('primitives/money.ts', `import { Decimal } from 'decimal.js';`),
      sourceFile('primitives/clock.ts', 'export const now = () => Date.now();'),
      sourceFile('storage/postgres/append.ts', `export const text = 'insert into event values (1)';`),
      sourceFile('datasets/run-query.ts', 'export const f = (s: any) => s.forScope({});'),
      sourceFile(
        'pricing/day.ts',
        `export const day = (at: number) => new Date(at); export const m = 'Update the price';`,
      ),
    ];
    expect(homeViolations(atHome, serverHomes)).toEqual([]);
  });

  it('finds a chart that fetches and a widget that draws', () => {
    const files = [
      sourceFile('charts/area/Area.tsx', `import { useQuery } from '@tanstack/react-query';`),
      sourceFile('widgets/usage-chart/UsageChart.tsx', `import { AreaStack } from '@visx/shape';`),
    ];
    expect(homeViolations(files, singleHomes['widgets'] ?? [])).toHaveLength(2);
  });

  it.each(Object.entries(singleHomes))('hold in %s', async (name, homes) => {
    const files = await readSources(join(workspaceRoot, 'packages', name, 'src'));
    expect(homeViolations(files, homes)).toEqual([]);
  });
});

describe('file length', () => {
  let files: readonly SourceFile[] = [];
  beforeAll(async () => {
    files = await readSources(workspaceRoot);
  });

  it('finds a file over the limit', () => {
    expect(lengthViolations([{ path: 'src/long.ts', text: 'a\n'.repeat(401) }])).toHaveLength(1);
  });

  it('holds in every source file', () => {
    expect(lengthViolations(files)).toEqual([]);
  });
});
