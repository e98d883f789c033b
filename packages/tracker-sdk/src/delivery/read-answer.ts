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
  const refusals = new Map<number, IngestProblem[]>();
  for (const problem of answer.problems) {
    if (problem.outcome === 'warning' || events[problem.index] === undefined) continue;
    const known = refusals.get(problem.index);
    if (known) known.push(problem);
    else refusals.set(problem.index, [problem]);
  }
  const lost: LossReason[] = [];
  const resend: string[] = [];
  let strippedFields = 0;
  for (const [index, problems] of refusals) {
    const repair = !repaired && problems.every(({ code }) => code === 'unknown_key');
    const stripped = repair ? withoutKeys(events[index] ?? '', problems) : undefined;
    if (stripped !== undefined) {
      resend.push(stripped);
      strippedFields += problems.length;
    } else {
      lost.push(lossOf(problems[0]));
    }
  }
  const landed = events.length - refusals.size;
  const duplicates = Math.min(landed, Math.max(0, answer.duplicates || 0));
  return { accepted: landed - duplicates, duplicates, lost, resend, strippedFields };
}

function lossOf(problem: IngestProblem | undefined): LossReason {
  if (problem?.outcome === 'conflict') return 'conflict';
  return problem?.code === 'event_too_large' ? 'event_too_large' : 'rejected';
}

/** The event without what the JSON pointers name. `undefined` when one of them names nothing. */
function withoutKeys(event: string, problems: readonly IngestProblem[]): string | undefined {
  const root = JSON.parse(event) as Record<string, unknown>;
  for (const { pointer } of problems) {
    const path = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
    const key = path.pop();
    let holder: unknown = root;
    for (const part of path) holder = (holder as Record<string, unknown> | undefined)?.[part];
    if (key === undefined || typeof holder !== 'object' || holder === null || !(key in holder))
      return undefined;
    delete (holder as Record<string, unknown>)[key];
  }
  return JSON.stringify(root);
}
