import { format } from 'prettier';
import { caseNumbers, conformanceCases } from '../conformance/conformance-cases.ts';
import {
  conformanceSubjects,
  providers,
  type ConformanceSubject,
} from '../conformance/conformance-subjects.ts';

/** The pages that list the providers, as they are linked from each. */
export const providerLists = [
  { page: 'docs/guides/tracker.md', linked: (page: string) => page },
  { page: 'docs/guides/providers/README.md', linked: fromProviders },
] as const;

/** The page with the table of cases. */
export const conformancePage = 'docs/guides/providers/README.md';

/** The list of the providers' pages, formatted as the repository's own files are. */
export function providersMarkdown(linked: (page: string) => string): Promise<string> {
  const lines = providers.map(
    ({ name, page, note }) => `- [${name}](${linked(page)})${note ? `: ${note}` : ''}`,
  );
  return formatted(lines.join('\n'));
}

/** The cases, what each is tested on, and the reasons where it is not. */
export function conformanceMarkdown(): Promise<string> {
  const cases = caseNumbers.map((number) => `${number}. ${conformanceCases[number]}`);
  const heads = conformanceSubjects.map(({ short, page }) => `[${short}](${fromProviders(page)})`);
  const rows = caseNumbers.map((number) =>
    row([
      String(number),
      ...conformanceSubjects.map(({ exempt }) => (exempt[number] === undefined ? 'yes' : '')),
    ]),
  );
  const table = [row(['case', ...heads]), row(['--:', ...heads.map(() => ':-:')]), ...rows];
  const reasons = conformanceSubjects.map(reasonsOf).filter((line) => line !== '');
  return formatted([...cases, '', ...table, '', 'Where a cell is empty:', '', ...reasons].join('\n'));
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const formatted = async (text: string): Promise<string> =>
  (await format(text, { parser: 'markdown', printWidth: 140 })).trim();

function fromProviders(page: string): string {
  return page.startsWith('providers/') ? page.slice('providers/'.length) : `../${page}`;
}

/** One line a subject; cases with the same reason together. */
function reasonsOf({ short, exempt }: ConformanceSubject): string {
  const byReason = Map.groupBy(
    caseNumbers.filter((number) => exempt[number] !== undefined),
    (number) => exempt[number],
  );
  const parts = [...byReason].map(([reason, numbers]) => `${numbers.join(', ')}: ${reason}`);
  return parts.length === 0 ? '' : `- **${short}** ${parts.join(' ')}`;
}
