import {
  conformanceMarkdown,
  conformancePage,
  providerLists,
  providersMarkdown,
} from './conformance-table.ts';
import { replacePart } from './generated-part.ts';

const subjects = 'tooling/conformance/conformance-subjects.ts';
const cases = 'tooling/conformance/conformance-cases.ts';

/** The pages that speak of providers, each with what it should say. `read` gives a page as it is. */
export async function writtenConformance(
  read: (page: string) => Promise<string>,
): Promise<ReadonlyMap<string, string>> {
  const written = new Map<string, string>();
  for (const { page, linked } of providerLists)
    written.set(page, replacePart(await read(page), subjects, await providersMarkdown(linked)));
  const page = written.get(conformancePage) ?? (await read(conformancePage));
  return written.set(conformancePage, replacePart(page, cases, await conformanceMarkdown()));
}
