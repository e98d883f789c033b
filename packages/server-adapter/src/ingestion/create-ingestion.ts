import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IngestAnswer, IngestProblem } from '@tallykit/protocol';
import type { ChargeRule } from '../pricing/charge-rule.ts';
import type { PriceBooks } from '../pricing/price-books.ts';
import type { Clock } from '../primitives/clock.ts';
import type { AppendOutcome } from '../storage/contract/append.ts';
import type { Storage } from '../storage/contract/storage.ts';
import { appendPrepared } from './append-prepared.ts';
import { createAppender, type AppenderSettings } from './appender.ts';
import type { IngestSource } from './attribute-event.ts';
import { parseRequest } from './parse-request.ts';
import { prepareEvent, type PreparedEvent } from './prepare-event.ts';

/** Settings of ingestion. */
export interface IngestionSettings extends AppenderSettings {
  /** Events from longer ago are refused: 90 days unless told. */
  readonly retentionDays: number;
}

/** Ninety days of history are taken; requests are gathered for at most 5 ms or 2,000 events; 20,000 events may wait. */
export const defaultIngestionSettings: IngestionSettings = {
  retentionDays: 90,
  batchEvents: 2000,
  batchDelayMs: 5,
  waitingEvents: 20_000,
};

/** What {@link createIngestion} is made of. */
export interface IngestionOptions {
  readonly storage: Pick<Storage, 'forOrganization'>;
  readonly books: PriceBooks;
  readonly clock: Clock;
  readonly chargeRule: ChargeRule;
  readonly settings?: Partial<IngestionSettings> | undefined;
  /** Called after each commit that wrote something, with the organization whose log has grown. */
  readonly onAppended: (organizationId: string) => void;
}

/** The write side for events. */
export interface Ingestion {
  /**
   * Takes the body of `POST /v1/events`. Resolves when everything accepted is durable, with what happened to each event; one
   * bad event never sinks the rest. Rejects with a problem when the body as a whole is wrong or the server cannot take it,
   * and with the store's error when it is not known to be stored: sending it again is safe.
   */
  ingest(source: IngestSource, body: unknown): Promise<IngestAnswer>;
  /** Takes nothing more and resolves when all that waits is written. */
  close(): Promise<void>;
}

// Checking this many events takes a few milliseconds; then others have their turn on the event loop.
const eventsPerTurn = 200;

function problemOf(prepared: PreparedEvent, outcome: AppendOutcome): readonly IngestProblem[] {
  const { index, event, warnings } = prepared;
  if (outcome.outcome === 'duplicate') return [];
  if (outcome.outcome === 'conflict') {
    return [
      {
        index,
        id: event.id,
        outcome: 'conflict',
        code: 'id_conflict',
        pointer: '/id',
        detail:
          'Another event with this id is stored already, and the first one is kept. Give every event an id of its own.',
      },
    ];
  }
  if (outcome.supersededBy === null) return warnings;
  return [
    ...warnings,
    {
      index,
      id: event.id,
      outcome: 'warning',
      code: 'response_superseded',
      pointer: '/responseId',
      detail: 'Another event has told of this response already, so this one is kept and does not count.',
    },
  ];
}

/**
 * Makes the write side for events: checked one by one, attributed, freed of credentials, priced, and written in groups.
 *
 * @example
 * const ingestion = createIngestion({ storage, books, clock, chargeRule, onAppended: () => {} });
 * const answer = await ingestion.ingest({ organizationId: 'default', keyId: null, customerId: null }, body);
 */
export function createIngestion(options: IngestionOptions): Ingestion {
  const { storage, clock, onAppended } = options;
  const settings = { ...defaultIngestionSettings, ...options.settings };
  const appender = createAppender({ append: appendPrepared(options), settings, onAppended });

  return {
    async ingest(source, body) {
      const { events, losses } = parseRequest(body);
      const context = { source, now: clock.now(), retentionDays: settings.retentionDays };
      const problems: IngestProblem[] = [];
      const prepared: PreparedEvent[] = [];
      for (const [index, raw] of events.entries()) {
        if (index > 0 && index % eventsPerTurn === 0) await nextTurn();
        const preparation = prepareEvent(raw, index, context);
        if (preparation.prepared === null) problems.push(...preparation.problems);
        else prepared.push(preparation.prepared);
      }

      const outcomes = await appender.append(source.organizationId, prepared);
      if (losses.length > 0) {
        const store = storage.forOrganization({
          organizationId: source.organizationId,
          subject: 'job:ingestion',
        });
        await store.recordLosses(losses, context.now, source.keyId);
      }
      outcomes.forEach((outcome, place) => {
        const event = prepared[place];
        if (event !== undefined) problems.push(...problemOf(event, outcome));
      });
      return {
        accepted: outcomes.filter(({ outcome }) => outcome === 'accepted').length,
        duplicates: outcomes.filter(({ outcome }) => outcome === 'duplicate').length,
        problems: problems.sort((a, b) => a.index - b.index),
      };
    },
    close: () => appender.close(),
  };
}
