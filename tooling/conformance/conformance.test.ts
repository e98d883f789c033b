import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wrapperPromises } from '../../packages/tracker-sdk/src/testing/wrapper-promises.ts';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { readSources } from '../graph/source-file.ts';
import { caseNumbers, deliveryTroubles } from './conformance-cases.ts';
import { conformanceSubjects, providers, type ConformanceSubject } from './conformance-subjects.ts';
import { numberedTitles } from './numbered-titles.ts';
import { conformanceGaps, testedCases, type TestFile } from './untested-cases.ts';

const source = join(workspaceRoot, 'packages/tracker-sdk/src');

const testsOf = async (folder: string): Promise<readonly TestFile[]> =>
  (await readSources(join(source, folder))).filter(({ path }) => path.endsWith('.test.ts'));

describe('the titles of a file', () => {
  const titles = (text: string) => numberedTitles('a.test.ts', text);

  it('count where a test runs under them', () => {
    const text = `
      describe.each(versions)('conformance 8: helpers on $name', () => { test('a', f); });
      test.each(['a'] as const)('conformance 9: errors', f);
      it(\`conformance 10: zero in \${place}\`, f);`;
    expect(titles(text)).toHaveLength(3);
  });

  it.each([
    `// test('conformance 8: a break', f)`,
    `test.skip('conformance 8: a break', f)`,
    `test.todo('conformance 8: a break')`,
    `describe.skipIf(true)('conformance 8: a break', f)`,
    `const title = 'conformance 8: a break'`,
    `test('conformance 8:', f)`,
    `test('keeps conformance 8 in mind', f)`,
  ])('do not count in %s', (text) => {
    expect(titles(text)).toEqual([]);
  });
});

describe('the table', () => {
  const subject: ConformanceSubject = {
    name: 'Any',
    short: 'any',
    folder: 'providers/any',
    page: 'providers/any.md',
    exempt: Object.fromEntries(
      caseNumbers.filter((number) => number !== 9).map((number) => [number, 'Why.']),
    ),
  };
  const tested = (text: string) => testedCases([{ path: 'a.test.ts', text }], { 'keeps errors': 9 });

  it('misses a case without a test, a reason that a test disproves, and a number that is none', () => {
    expect(conformanceGaps(subject, tested(''))).toHaveLength(1);
    expect(conformanceGaps(subject, tested(`test('conformance 9: errors', f)`))).toEqual([]);
    expect(conformanceGaps(subject, tested(`test('conformance 8: a break', f)`))).toHaveLength(2);
    expect(conformanceGaps(subject, tested(`test('conformance 16: coffee', f)`))).toHaveLength(2);
  });

  it('takes a promise of the suite that is run, unless it is skipped anywhere', () => {
    expect([...tested('  describeProviderWrapper({ test, open });')]).toEqual([9]);
    expect([...tested('import { describeProviderWrapper } from "x";')]).toEqual([]);
    const skips = `skips: [{ promise: 'keeps errors', reason: 'Why.' }]`;
    expect([...tested(`  describeProviderWrapper({ test, open, ${skips} });`)]).toEqual([]);
  });

  it('knows every provider there is', () => {
    const folders = readdirSync(join(source, 'providers')).map((name) => `providers/${name}`);
    expect(providers.map(({ folder }) => folder).sort()).toEqual(folders.sort());
  });

  it.each(conformanceSubjects)('agrees with the tests of $folder', async (each) => {
    expect(conformanceGaps(each, testedCases(await testsOf(each.folder), wrapperPromises))).toEqual([]);
  });

  it.each(deliveryTroubles)('has a test of delivery for: %s', async (trouble) => {
    const titles = (await testsOf('delivery')).flatMap(({ path, text }) => numberedTitles(path, text));
    expect(titles.filter((title) => title.startsWith(`conformance 12, ${trouble}:`))).not.toEqual([]);
  });
});
