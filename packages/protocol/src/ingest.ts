import * as z from 'zod/mini';
import { countSchema, instantSchema } from './text.ts';
import { usageEventSchema, type UsageEvent } from './usage-event.ts';

/** Version of the ingest request. */
export const ingestProtocolVersion = 1;
/** At most this many events in one request. */
export const maxEventsPerRequest = 2000;
/** At most this many bytes in one request's body after decompression. */
export const maxIngestBodyBytes = 8 * 1024 * 1024;

/** Why the tracker lost something. The list is closed; each is counted and reported to the server. */
export const lossReasons = [
  'queue_full',
  'event_too_large',
  'serialization_failed',
  'rejected',
  'conflict',
  'unauthorized',
  'retries_exhausted',
  'shutdown_timeout',
  'process_exit',
  'field_stripped',
  'unsupported_sdk',
  'context_unavailable',
  'observer_failed',
  'budget_unavailable',
] as const;

/** One reason of {@link lossReasons}. */
export type LossReason = (typeof lossReasons)[number];

/** A count of one reason since the last report that the server took. */
export interface LossCount {
  readonly reason: LossReason;
  readonly count: number;
}

/** Body of `POST /v1/events`. */
export interface IngestRequest {
  readonly protocol: 1;
  /** When the sender sent it, by the sender's clock. */
  readonly sentAt: string;
  readonly events: readonly UsageEvent[];
  readonly losses?: readonly LossCount[] | undefined;
}

/** Why one event of a request was refused or changed. */
export type IngestProblemCode =
  | 'invalid_event'
  | 'unknown_key'
  | 'unknown_kind'
  | 'event_too_large'
  | 'time_out_of_range'
  | 'customer_not_allowed'
  | 'id_conflict'
  | 'tag_removed'
  | 'clock_ahead'
  | 'response_superseded';

/** What happened to one event that did not simply land. */
export interface IngestProblem {
  /** Place of the event in the request. */
  readonly index: number;
  /** The event's id, or null when it had none that could be read. */
  readonly id: string | null;
  /** `warning`: the event landed, changed or flagged. The other two did not land. */
  readonly outcome: 'conflict' | 'rejected' | 'warning';
  readonly code: IngestProblemCode;
  /** JSON pointer into the event. */
  readonly pointer: string;
  readonly detail: string;
}

/** Answer to `POST /v1/events`. `accepted + duplicates + conflicts + rejected` is the number of events sent. */
export interface IngestAnswer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly problems: readonly IngestProblem[];
}

/** Checks the envelope of a request; the events in it are checked one by one, so that one bad event does not sink the rest. */
export const ingestEnvelopeSchema = z.strictObject({
  protocol: z.literal(ingestProtocolVersion),
  sentAt: instantSchema,
  events: z.array(z.unknown()).check(z.maxLength(maxEventsPerRequest)),
  // A reason that a newer tracker knows and this server does not must not cost the events that travel with it.
  losses: z.optional(
    z
      .array(z.strictObject({ reason: z.string().check(z.regex(/^[a-z_]{1,64}$/)), count: countSchema }))
      .check(z.maxLength(64)),
  ),
});

/** Describes a whole {@link IngestRequest}, for documents; a server checks the envelope and then each event. */
export const ingestRequestSchema = z.extend(ingestEnvelopeSchema, {
  events: z.array(usageEventSchema).check(z.maxLength(maxEventsPerRequest)),
});

/** Checks an {@link IngestAnswer}; open. */
export const ingestAnswerSchema = z.object({
  accepted: countSchema,
  duplicates: countSchema,
  problems: z.array(
    z.object({
      index: countSchema,
      id: z.nullable(z.string()),
      outcome: z.enum(['conflict', 'rejected', 'warning']),
      code: z.string(),
      pointer: z.string(),
      detail: z.string(),
    }),
  ),
});
