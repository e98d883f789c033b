import type { IngestAnswer, IngestProblem, LossReason } from '@tallykit/protocol';

/** What the server did with each event of a batch. `accepted + duplicates + lost + resend` is the batch. */
export interface BatchOutcome {
  readonly accepted: number;
  readonly duplicates: number;
  readonly lost: readonly LossReason[];
  /** Events without the keys that the server does not know, to be sent once more. */
  readonly resend: readonly string[];
  /** How many keys were taken out. */
  readonly strippedFields: number;
}

/** Whether a body is an answer of the ingest endpoint at all. */
export function isIngestAnswer(body: unknown): body is IngestAnswer {
  const answer = body as Partial<IngestAnswer> | null | undefined;
  return typeof answer?.accepted === 'number' && Array.isArray(answer.problems);
}

/**
 * Reads partial acceptance. An event refused only for keys that this server does not know (it may be older than the
 * tracker) is repaired and offered once more; a warning means that the event landed.
 */
export function readAnswer(events: readonly string[], answer: IngestAnswer, repaired: boolean): BatchOutcome {
  const lost: LossReason[] = [];
  const resend: string[] = [];
  let strippedFields = 0;
  events.forEach((event, place) => {
    const refusals = answer.problems.filter(({ index, outcome }) => index === place && outcome !== 'warning');
    const [first] = refusals;
    if (!first) return;
    const unknown = !repaired && refusals.every(({ code }) => code === 'unknown_key');
    const stripped = unknown && withoutKeys(event, refusals);
    if (stripped) {
      resend.push(stripped);
      strippedFields += refusals.length;
    } else {
      lost.push(lossOf(first));
    }
  });
  const landed = events.length - lost.length - resend.length;
  const duplicates = Math.min(landed, answer.duplicates || 0);
  return { accepted: landed - duplicates, duplicates, lost, resend, strippedFields };
}

function lossOf({ outcome, code }: IngestProblem): LossReason {
  return outcome === 'conflict' ? outcome : code === 'event_too_large' ? code : 'rejected';
}

/** The event without what the JSON pointers name. `undefined` when they name nothing. */
function withoutKeys(event: string, problems: readonly IngestProblem[]): string | undefined {
  const root = JSON.parse(event) as Record<string, unknown>;
  for (const { pointer } of problems) {
    const path = pointer.split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
    const key = path.pop() ?? '';
    const holder = path
      .slice(1)
      .reduce<unknown>((value, part) => (value as typeof root | undefined)?.[part], root);
    if (!(holder instanceof Object && delete (holder as typeof root)[key])) return undefined;
  }
  const repaired = JSON.stringify(root);
  return repaired === event ? undefined : repaired;
}
