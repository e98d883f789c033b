import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { conformanceSubjects } from '../conformance/conformance-subjects.ts';
import { conformanceMarkdown, conformancePage, providerLists } from './conformance-table.ts';
import { replacePart } from './generated-part.ts';
import { writtenConformance } from './written-conformance.ts';

const read = (page: string) => readFile(join(workspaceRoot, page), 'utf8');

it.each([...new Set([conformancePage, ...providerLists.map(({ page }) => page)])])(
  'what %s says of providers is what the table says; write it with: node tooling/docs/write-conformance.ts',
  async (page) => {
    const written = await writtenConformance(read);
    expect(await read(page)).toBe(written.get(page));
  },
);

it('a page that says something else would differ, and one without marks cannot be written', () => {
  const page = '<!-- generated from x: start -->\n\nold\n\n<!-- generated from x: end -->\n';
  expect(replacePart(page, 'x', 'new')).toBe(page.replace('old', 'new'));
  expect(() => replacePart(page, 'y', 'new')).toThrow('has no');
});

it('the table has a row for each case and a column for each subject', async () => {
  const rows = (await conformanceMarkdown()).split('\n').filter((line) => line.startsWith('|'));
  expect(rows).toHaveLength(2 + 15);
  for (const each of rows) expect(each.split('|')).toHaveLength(conformanceSubjects.length + 3);
});
