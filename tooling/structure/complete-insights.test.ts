import { join } from 'node:path';
import { expect, it } from 'vitest';
import { insightIds } from '../../packages/protocol/src/insights/insight-ids.ts';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { readSources } from '../graph/source-file.ts';
import { missingParts, type RepositoryFile } from './complete-insights.ts';

const complete: readonly RepositoryFile[] = [
  { path: 'packages/server-adapter/src/insights/top-models.ts', text: '' },
  { path: 'packages/client/src/testing/fixtures/top-models.ts', text: '' },
  { path: 'packages/widgets/src/widgets/top-models/TopModels.tsx', text: `useInsight('top-models', params)` },
  { path: 'apps/storybook/src/top-models.stories.tsx', text: 'render: () => <TopModelsView />' },
];

it('accepts an insight with its answer, fixture, widget and story', () => {
  expect(missingParts('top-models', complete)).toEqual([]);
});

it.each(complete.map(({ path }) => path))('misses %s when it is not there', (path) => {
  expect(
    missingParts(
      'top-models',
      complete.filter((file) => file.path !== path),
    ),
  ).not.toEqual([]);
});

it.each(insightIds)('%s is complete', async (id) => {
  const parts = [
    'packages/server-adapter/src/insights',
    'packages/client/src/testing',
    'packages/widgets/src',
    'apps/storybook',
  ];
  const files = await Promise.all(
    parts.map(async (part) =>
      (await readSources(join(workspaceRoot, part))).map(({ path, text }) => ({
        path: `${part}/${path}`,
        text,
      })),
    ),
  );
  expect(missingParts(id, files.flat())).toEqual([]);
});
