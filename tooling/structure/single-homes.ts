import { isTestFile, type SourceFile } from '../graph/source-file.ts';
import { readsClock, sqlTexts, callsMethod } from './source-facts.ts';

/** Something that may happen in one place of a package only. */
export interface SingleHome {
  readonly what: string;
  /** Folders (ending in `/`) or files below `src/`. */
  readonly homes: readonly string[];
  readonly happensIn: (file: SourceFile) => boolean;
}

const imports =
  (...names: readonly string[]) =>
  (file: SourceFile): boolean =>
    file.imports.some(({ specifier }) =>
      names.some((name) => specifier === name || specifier.startsWith(`${name}/`)),
    );

const serverAdapter: readonly SingleHome[] = [
  {
    what: 'money arithmetic (decimal.js)',
    homes: ['primitives/money.ts'],
    happensIn: imports('decimal.js'),
  },
  {
    what: 'reading the clock',
    homes: ['primitives/clock.ts'],
    happensIn: readsClock,
  },
  {
    what: 'SQL text',
    homes: ['storage/'],
    happensIn: (file) => sqlTexts(file).length > 0 || imports('kysely')(file),
  },
  {
    what: 'a database driver',
    homes: ['storage/engines/', 'storage/postgres/', 'cli/'],
    happensIn: imports('pg', 'pg-boss', '@electric-sql/pglite'),
  },
  {
    what: "the store's read for people (forScope)",
    homes: ['datasets/run-query.ts', 'rollups/', 'pricing/', 'storage/'],
    happensIn: callsMethod('forScope'),
  },
  {
    what: 'the price catalogue (@pydantic/genai-prices)',
    homes: ['pricing/'],
    happensIn: imports('@pydantic/genai-prices'),
  },
];

const client: readonly SingleHome[] = [
  { what: 'sending a request (ky)', homes: ['http.ts', 'errors/'], happensIn: imports('ky') },
  { what: 'TanStack Query', homes: ['query/'], happensIn: imports('@tanstack/react-query') },
];

const widgets: readonly SingleHome[] = [
  {
    what: 'asking the server',
    homes: ['provider/', 'widgets/', 'states/'],
    happensIn: imports('@tallykit/client', '@tanstack/react-query'),
  },
  { what: 'drawing (visx)', homes: ['charts/'], happensIn: imports('@visx') },
];

const trackerSdk: readonly SingleHome[] = [
  { what: 'a provider SDK', homes: ['providers/'], happensIn: imports('openai') },
];

/** The one place per concept, for each package. */
export const singleHomes: Readonly<Record<string, readonly SingleHome[]>> = {
  'tracker-sdk': trackerSdk,
  'server-adapter': serverAdapter,
  client,
  widgets,
};

/** Files where something happens away from its home. Tests and `testing/` are free. */
export function homeViolations(
  files: readonly SourceFile[],
  homes: readonly SingleHome[],
): readonly string[] {
  return files
    .filter((file) => !isTestFile(file.path) && !file.path.startsWith('testing/'))
    .flatMap((file) =>
      homes
        .filter((rule) => rule.happensIn(file) && !rule.homes.some((home) => isWithin(file.path, home)))
        .map((rule) => `${file.path}: ${rule.what} belongs in ${rule.homes.join(' or ')}`),
    );
}

function isWithin(path: string, home: string): boolean {
  return home.endsWith('/') ? path.startsWith(home) : path === home;
}
