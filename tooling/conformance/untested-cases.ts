import { caseNumbers, conformanceCases } from './conformance-cases.ts';
import type { ConformanceSubject } from './conformance-subjects.ts';
import { numberedTitles, numberOf, skippedPromises } from './numbered-titles.ts';

/** A test file of a subject. */
export interface TestFile {
  readonly path: string;
  readonly text: string;
}

/** The promises of the wrapper suite, each with the case that it belongs to. */
export type SuitePromises = Readonly<Record<string, number | null>>;

/** The numbers of the cases that the tests of a subject name, its own and those of the suite that it runs whole. */
export function testedCases(files: readonly TestFile[], suite: SuitePromises): ReadonlySet<number> {
  const own = files.flatMap(({ path, text }) => numberedTitles(path, text).map(numberOf));
  const runsSuite = files.some(({ text }) => /^\s+describeProviderWrapper\(/m.test(text));
  const skipped = new Set(files.flatMap(({ path, text }) => skippedPromises(path, text)));
  const kept = Object.entries(suite).filter(([promise]) => runsSuite && !skipped.has(promise));
  return new Set([...own, ...kept.map(([, number]) => number)].filter((number) => number !== null));
}

/** Where table and tests differ: an applying case that no title names, an exempt one that a title names. */
export function conformanceGaps(subject: ConformanceSubject, tested: ReadonlySet<number>): readonly string[] {
  const gaps = caseNumbers.flatMap((number) => {
    const reason = subject.exempt[number];
    if (reason === undefined && !tested.has(number))
      return [`${subject.folder}: no title names "conformance ${number}": ${conformanceCases[number]}`];
    if (reason !== undefined && tested.has(number))
      return [
        `${subject.folder}: a test names "conformance ${number}", which the table leaves out: ${reason}`,
      ];
    return [];
  });
  const unknown = [...tested].filter((number) => !Object.hasOwn(conformanceCases, number));
  return [...gaps, ...unknown.map((number) => `${subject.folder}: there is no conformance case ${number}.`)];
}
