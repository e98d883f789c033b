import type { IngestProblem, UsageEvent } from '@tallykit/protocol';
import { attributeEvent, type IngestSource } from './attribute-event.ts';
import { removeCredentialTags, type RemovedTag } from './credential-tags.ts';
import { eventHash } from './event-hash.ts';
import { eventTime } from './event-time.ts';
import { readEvent } from './read-event.ts';
import { jsonPointer } from '../http/invalid-request.ts';
import { providerName } from '../pricing/provider-names.ts';
import type { AppendEvent } from '../storage/contract/append.ts';

/** An event ready to be priced and written, with the warnings that hold if it lands. */
export interface PreparedEvent extends Omit<AppendEvent, 'cost'> {
  /** Place in the request. */
  readonly index: number;
  readonly warnings: readonly IngestProblem[];
}

/** An event that may be written, or why it may not. */
export type Preparation =
  | { readonly prepared: PreparedEvent; readonly problems: null }
  | { readonly prepared: null; readonly problems: readonly IngestProblem[] };

/** What preparing an event needs beside the event. */
export interface PreparationContext {
  readonly source: IngestSource;
  /** Unix milliseconds at which the request was received. */
  readonly now: number;
  readonly retentionDays: number;
}

function warningsOf(clockAhead: boolean, removed: readonly RemovedTag[]) {
  const warnings: Pick<IngestProblem, 'code' | 'pointer' | 'detail'>[] = removed.map(({ key }) => ({
    code: 'tag_removed',
    pointer: jsonPointer(['tags', key]),
    detail:
      'The tag looked like a credential, so it was removed before anything was stored. Do not send secrets.',
  }));
  if (clockAhead) {
    warnings.push({
      code: 'clock_ahead',
      pointer: '/id',
      detail:
        'The event begins more than five minutes from now, so it is counted at the time it was received. Set the clock of the sender.',
    });
  }
  return warnings;
}

/**
 * A provider has one name, whichever its sender knows it by: otherwise one response that two senders tell of would count
 * twice, and one provider would have two rows.
 */
function underOneName(event: UsageEvent): UsageEvent {
  if (event.kind !== 'llm_call') return event;
  const provider = providerName(event.provider);
  return provider === event.provider ? event : { ...event, provider };
}

/**
 * Takes one event of a request as far as it can be taken without the store: read, checked against its time and its key, freed
 * of credentials, hashed.
 *
 * @example
 * const { prepared, problems } = prepareEvent(raw, index, context);
 */
export function prepareEvent(raw: unknown, index: number, context: PreparationContext): Preparation {
  const read = readEvent(raw, index);
  if (read.event === null) return { prepared: null, problems: read.problems };
  const { id } = read.event;
  const refuse = (problem: Pick<IngestProblem, 'code' | 'pointer' | 'detail'>): Preparation => ({
    prepared: null,
    problems: [{ index, id, outcome: 'rejected', ...problem }],
  });

  const time = eventTime(id, context);
  if (!time.accepted) {
    const detail =
      time.side === 'past'
        ? `The event began more than ${context.retentionDays} days ago, before raw events are kept. Send events sooner.`
        : 'The event begins more than a day from now. Set the clock of the sender.';
    return refuse({ code: 'time_out_of_range', pointer: '/id', detail });
  }
  const attributed = attributeEvent(read.event, context.source);
  if (attributed === null) {
    return refuse({
      code: 'customer_not_allowed',
      pointer: '/customerId',
      detail:
        'The key belongs to another customer than the event names. Send it with a key of that customer, or with one of the organization.',
    });
  }
  const { event, removed } = removeCredentialTags(underOneName(attributed));
  return {
    prepared: {
      index,
      event,
      hash: eventHash(read.event),
      occurredAt: time.occurredAt,
      receivedAt: context.now,
      clockAhead: time.clockAhead,
      keyId: context.source.keyId,
      warnings: warningsOf(time.clockAhead, removed).map((warning) => ({
        index,
        id,
        outcome: 'warning',
        ...warning,
      })),
    },
    problems: null,
  };
}
