import type { CostEntry, LlmCallEvent, TokenUsage, UsageEvent } from '@tallykit/protocol';
import type { FieldLabel } from '../access/policy.ts';
import { visibleReason } from '../pricing/visible-reason.ts';
import type { CostDraft } from '../storage/contract/append.ts';
import type { EventRecord } from '../storage/contract/scoped-reader.ts';
import { costFieldLabels, eventFieldLabels, pricesLabel } from './definitions/event-fields.ts';

type Labelled<Part, Labels> = Omit<Part, keyof Labels> & Partial<Pick<Part, keyof Labels & keyof Part>>;

/** An LLM call without what its reader may not see. */
export type VisibleCall = Labelled<LlmCallEvent, typeof eventFieldLabels>;

/** Any event without what its reader may not see. */
export type VisibleEvent = VisibleCall | Exclude<UsageEvent, { readonly kind: 'llm_call' }>;

/** A cost entry without what its reader may not see. */
export type VisibleEntry = Labelled<CostEntry, typeof costFieldLabels>;

/** A recorded event as one reader may see it. */
export interface VisibleRecord {
  readonly event: VisibleEvent;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly supersededBy: string | null;
  readonly usage: TokenUsage | null;
  readonly entries: readonly VisibleEntry[];
  readonly standing: Labelled<CostDraft, typeof costFieldLabels> | null;
}

/** Takes everything out of a record that its reader may not see. */
export function maskEvent(record: EventRecord, sees: (label: FieldLabel) => boolean): VisibleRecord {
  const { event, standing } = record;
  const visibility = sees('operator') ? 'operator' : 'customer';
  const shown = <Cost extends { readonly reason: string | null }>(cost: Cost): Cost => ({
    ...cost,
    reason: visibleReason(cost.reason, visibility),
  });
  return {
    ...record,
    event: event.kind === 'llm_call' ? without(event, eventFieldLabels, sees) : event,
    entries: record.entries.map((entry) => without(shown(entry), costFieldLabels, sees)),
    standing: standing && without(shown(standing), costFieldLabels, sees),
  };
}

/** Names of the fields of a call that are kept from its reader. */
export function withheldOfCall(sees: (label: FieldLabel) => boolean): readonly string[] {
  const labels: Readonly<Record<string, FieldLabel>> = {
    ...eventFieldLabels,
    ...costFieldLabels,
    prices: pricesLabel,
  };
  return Object.keys(labels).filter((field) => !sees(labels[field] ?? 'operator'));
}

function without<Part extends object, Labels extends Readonly<Record<string, FieldLabel>>>(
  part: Part,
  labels: Labels,
  sees: (label: FieldLabel) => boolean,
): Labelled<Part, Labels> {
  const kept = Object.entries(part).filter(([field]) => {
    const label = Object.hasOwn(labels, field) ? labels[field] : undefined;
    return label === undefined || sees(label);
  });
  return Object.fromEntries(kept) as Labelled<Part, Labels>;
}
