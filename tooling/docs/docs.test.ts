import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { layersEnd, layersMarkdown, layersStart, replaceLayers } from './layers-table.ts';
import { brokenLinks, type Page } from './markdown-links.ts';

let pages: readonly Page[] = [];
beforeAll(async () => {
  const listed = execFileSync('git', ['ls-files', '*.md'], { cwd: workspaceRoot, encoding: 'utf8' });
  const paths = listed.split('\n').filter((path) => path !== '' && !path.startsWith('.changeset/'));
  pages = await Promise.all(
    paths.map(async (path) => ({ path, text: await readFile(join(workspaceRoot, path), 'utf8') })),
  );
});

describe('links', () => {
  it('finds a file and a heading that do not exist', () => {
    const text =
      '[a](nowhere.md) [b](#not-here) [c](../README.md) `[d](code.md)` [e](https://example.com/x)\n\n# Here\n\n[f](#here)';
    const found = brokenLinks(workspaceRoot, [{ path: 'docs/page.md', text }]);
    expect(found.map((each) => each.split('"')[1])).toEqual(['nowhere.md', '#not-here']);
  });

  it('all lead somewhere', () => {
    expect(pages.length).toBeGreaterThan(5);
    expect(brokenLinks(workspaceRoot, pages)).toEqual([]);
  });
});

describe('the import directions in docs/architecture.md', () => {
  it('are those of tooling/layers.ts; write them with: node tooling/docs/write-layers.ts', async () => {
    const page = pages.find((each) => each.path === 'docs/architecture.md')?.text ?? '';
    expect(page).toBe(replaceLayers(page, await layersMarkdown()));
  });

  it('would differ if a page said something else', async () => {
    const page = `# Page\n\n${layersStart}\n\nold\n\n${layersEnd}\n`;
    expect(replaceLayers(page, await layersMarkdown())).not.toBe(page);
    expect(() => replaceLayers('# Page', 'x')).toThrow('has no');
  });
});

it('keeps CONTRIBUTING.md short enough to be read', () => {
  const lines = pages.find((page) => page.path === 'CONTRIBUTING.md')?.text.split('\n') ?? [];
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.length).toBeLessThan(150);
});

it('lists every decision with its date', () => {
  const list = pages.find((page) => page.path === 'docs/decisions/README.md')?.text ?? '';
  const records = pages.filter((page) => /^docs\/decisions\/\d/.test(page.path));
  expect(records.length).toBeGreaterThan(0);
  for (const { path, text } of records) {
    const [file = ''] = path.split('/').slice(-1);
    const [, date = 'no date'] = /^(\d{4}-\d{2}-\d{2})-/.exec(file) ?? [];
    expect(text.split('\n')[2], path).toBe(date);
    expect(list, path).toContain(`(${file})`);
  }
});
