import type { Visibility } from '@tallykit/protocol';
import { pendingReasons } from '../pricing/pending.ts';
import { visibleReason } from '../pricing/visible-reason.ts';
import type { CallField, CallsPlan, PlanFilter } from '../storage/contract/read-plan.ts';
import { filteredDimension } from './dataset-definition.ts';
import type { CallsQuestion } from './question.ts';

// Whoever is told one reason for several finds those several by it, and cannot find them one by one.
function reasonsMeant(values: readonly (string | number)[], visibility: Visibility): readonly string[] {
  return pendingReasons.filter((reason) => {
    const seen = visibleReason(reason, visibility);
    return seen !== null && values.map(String).includes(seen);
  });
}

function planFilters(
  { dataset, filters }: CallsQuestion,
  visibility: Visibility,
): readonly PlanFilter<CallField>[] {
  return filters.flatMap(({ field, operator, values = [] }): readonly PlanFilter<CallField>[] => {
    const reads = filteredDimension(dataset, field)?.reads;
    if (reads === undefined || reads === 'time') {
      throw new TypeError(`The filter "${field}" of ${dataset.id} reads no field of a call.`);
    }
    if (reads !== 'pending_reason' || values.length === 0) return [{ field: reads, operator, values }];
    const meant = reasonsMeant(values, visibility);
    return operator === 'ne'
      ? meant.map((reason) => ({ field: reads, operator, values: [reason] }))
      : [{ field: reads, operator: 'in', values: meant }];
  });
}

/** The plan of one page, and of one row more that tells whether there is another. */
export function planCalls(question: CallsQuestion, visibility: Visibility): CallsPlan {
  const { range, before, upTo, limit } = question;
  return Object.freeze({
    kind: 'calls',
    range,
    filters: planFilters(question, visibility),
    before,
    upTo,
    limit: limit + 1,
  });
}
