import type { IngestAnswer, IngestProblem, LossReason } from '@tallykit/protocol';

/** What the server did with a batch. `landed + refused + resend` is the batch. */
export interface BatchOutcome {
  readonly landed: number;
  readonly refused: readonly LossReason[];
  /** Events without the keys that the server does not know, to be sent once more. */
  readonly resend: readonly string[];
}

/** Whether a body is an answer of the ingest endpoint at all. */
export function isIngestAnswer(body: unknown): body is IngestAnswer {
  const problems: unknown = (body as Partial<IngestAnswer> | null | undefined)?.problems;
  // Whatever answers in the server's place may answer anything.
  return Array.isArray(problems) && problems.every((problem) => typeof problem === 'object' && problem);
}

/**
 * Reads partial acceptance. An event refused only for keys that this server does not know (it may be older than the
 * tracker) is repaired and offered once more; a warning means that the event landed. `repaired` remembers which.
 */
export function readAnswer(
  events: readonly string[],
  { problems }: IngestAnswer,
  repaired: Set<string>,
): BatchOutcome {
  const refused: LossReason[] = [];
  const resend: string[] = [];
  events.forEach((event, place) => {
    const refusals = problems.filter(({ index, outcome }) => index === place && outcome !== 'warning');
    const [first] = refusals;
    if (!first) return void repaired.delete(event);
    const { outcome, code } = first;
    const rest = refusals.every((refusal) => refusal.code === 'unknown_key') && withoutKeys(event, refusals);
    // A repaired event is not the same text any more, so it is known by itself.
    if (rest && rest !== event && !repaired.delete(event)) {
      repaired.add(rest);
      resend.push(rest);
    } else refused.push(outcome === 'conflict' ? outcome : code === 'event_too_large' ? code : 'rejected');
  });
  return { landed: events.length - refused.length - resend.length, refused, resend };
}

/**
 * The event without what the JSON pointers name. No key of an event needs a pointer's escapes. Only own keys are followed:
 * a pointer to `__proto__` would otherwise reach what all objects of the host share.
 */
function withoutKeys(event: string, problems: readonly IngestProblem[]): string {
  type Holder = { [key: string]: Holder };
  const root = JSON.parse(event) as Holder;
  for (const { pointer } of problems) {
    const path = String(pointer).split('/').slice(1);
    const key = path.pop() ?? '';
    delete path.reduce<Holder>((holder, part) => (Object.hasOwn(holder, part) && holder[part]) || {}, root)[
      key
    ];
  }
  return JSON.stringify(root);
}
