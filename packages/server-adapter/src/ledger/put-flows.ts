import { ledgerFlowsPutSchema, type PutAnswer } from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import type { Clock } from '../primitives/clock.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';
import { faultsOfRepeatedIds, invalidLedgerRows } from './ledger-problems.ts';

/**
 * Stores flows by their own id, all or none: their names as reports show them, and the order of their steps. Putting the
 * same rows again changes nothing; a new name shows from then on, for the past as well.
 *
 * @param body a `LedgerFlowsPut`, unchecked
 */
export async function putFlows(store: OrganizationStore, body: unknown, clock: Clock): Promise<PutAnswer> {
  const parsed = ledgerFlowsPutSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { flows } = parsed.data;
  const faults = [
    ...faultsOfRepeatedIds('/flows', flows),
    ...flows.flatMap(({ steps = [] }, index) =>
      steps.flatMap((step, at) =>
        steps.indexOf(step) === at
          ? []
          : [
              {
                pointer: `/flows/${index}/steps/${at}`,
                detail: 'A step is named twice, so its place is not known.',
              },
            ],
      ),
    ),
  ];
  if (faults.length > 0) throw invalidLedgerRows(faults);
  return store.putFlows(flows, clock.now());
}
