import type { IngestAnswer, IngestProblem, LossReason } from '@tallykit/protocol';

/** What the server did with a batch. `landed + lost + resend` is the batch. */
export interface BatchOutcome {
  readonly landed: number;
  readonly lost: readonly LossReason[];
  /** Events without the keys that the server does not know, to be sent once more. */
  readonly resend: readonly string[];
}

/** Whether a body is an answer of the ingest endpoint at all. */
export function isIngestAnswer(body: unknown): body is IngestAnswer {
  return Array.isArray((body as Partial<IngestAnswer> | null | undefined)?.problems);
}

/**
 * Reads partial acceptance. An event refused only for keys that this server does not know (it may be older than the
 * tracker) is repaired and offered once more; a warning means that the event landed.
 */
export function readAnswer(
  events: readonly string[],
  { problems }: IngestAnswer,
  repaired: boolean,
): BatchOutcome {
  const lost: LossReason[] = [];
  const resend: string[] = [];
  events.forEach((event, place) => {
    const refusals = problems.filter(({ index, outcome }) => index === place && outcome !== 'warning');
    const [first] = refusals;
    if (!first) return;
    const { outcome, code } = first;
    const rest = refusals.every((refusal) => refusal.code === 'unknown_key') && withoutKeys(event, refusals);
    if (!repaired && rest && rest !== event) resend.push(rest);
    else lost.push(outcome === 'conflict' ? outcome : code === 'event_too_large' ? code : 'rejected');
  });
  return { landed: events.length - lost.length - resend.length, lost, resend };
}

/** The event without what the JSON pointers name. No key of an event needs a pointer's escapes. */
function withoutKeys(event: string, problems: readonly IngestProblem[]): string {
  type Holder = { [key: string]: Holder };
  const root = JSON.parse(event) as Holder;
  for (const { pointer } of problems) {
    const path = pointer.split('/').slice(1);
    const key = path.pop() ?? '';
    delete path.reduce<Holder>((holder, part) => holder[part] ?? {}, root)[key];
  }
  return JSON.stringify(root);
}
