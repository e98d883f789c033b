import { providerLinesPutSchema, type ProviderLine, type PutAnswer } from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import { invalidLedgerRows, type LedgerFault } from '../ledger/ledger-problems.ts';
import type { Clock } from '../primitives/clock.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';

/**
 * Stores rows of providers' own reports, all or none. Nothing is ever overwritten: a row with a known `sourceId` and other
 * content restates the former one, which stays. Putting the same rows again changes nothing.
 *
 * @param body a `ProviderLinesPut`, unchecked
 */
export async function putProviderLines(
  store: OrganizationStore,
  body: unknown,
  clock: Clock,
): Promise<PutAnswer> {
  const parsed = providerLinesPutSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { lines } = parsed.data;
  const faults = [...faultsOfRepeatedSources(lines), ...lines.flatMap(faultsOfLine)];
  if (faults.length > 0) throw invalidLedgerRows(faults);
  return store.putProviderLines(lines, clock.now());
}

function faultsOfRepeatedSources(lines: readonly ProviderLine[]): readonly LedgerFault[] {
  const first = new Map<string, number>();
  return lines.flatMap(({ provider, sourceId }, index) => {
    const key = JSON.stringify([provider, sourceId]);
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, index);
      return [];
    }
    return [
      {
        pointer: `/lines/${index}/sourceId`,
        detail: `Line ${known} of the batch has the same provider and id.`,
      },
    ];
  });
}

const dayMs = 86_400_000;

/** What cannot be true of one line. Days are the grain of reconciliation, so a line may not span two of them. */
export function faultsOfLine(line: ProviderLine, index: number): readonly LedgerFault[] {
  const pointer = `/lines/${index}`;
  const from = Date.parse(line.from);
  const to = Date.parse(line.to);
  if (to <= from) return [{ pointer: `${pointer}/to`, detail: '"to" must be after "from".' }];
  if (Math.floor(from / dayMs) !== Math.floor((to - 1) / dayMs)) {
    return [
      {
        pointer: `${pointer}/to`,
        detail: 'A line lies within one UTC day; ask the provider for days or hours.',
      },
    ];
  }
  const counted = line.usage !== undefined && Object.keys(line.usage).length > 0;
  if (line.cost === undefined && line.requests === undefined && !counted) {
    return [{ pointer, detail: 'A line states a cost, requests or usage.' }];
  }
  return [];
}
