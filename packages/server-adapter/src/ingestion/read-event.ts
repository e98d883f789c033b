import type { IngestProblem, UsageEvent, UsageEventKind } from '@tallykit/protocol';
import type { ZodMiniType } from 'zod/mini';
import type { $ZodError } from 'zod/v4/core';
import { detailOfIssue, jsonPointer } from '../http/invalid-request.ts';
import { eventSchemas } from './event-schemas.ts';
import { readLlmCall } from './read-llm-call.ts';

/** An event that fits its schema, or why it does not. */
export type ReadEvent =
  | { readonly event: UsageEvent; readonly problems: null }
  | { readonly event: null; readonly problems: readonly IngestProblem[] };

// A valid event is far smaller; what is larger is not worth listing its faults.
const largestEventCharacters = 65_536;
// Enough to repair an event with; the rest shows when it is sent again.
const shownProblems = 20;

function isKind(kind: unknown): kind is UsageEventKind {
  return typeof kind === 'string' && Object.hasOwn(eventSchemas, kind);
}

function isTooLarge(raw: object): boolean {
  try {
    return JSON.stringify(raw).length > largestEventCharacters;
  } catch {
    // Lists in lists, deeper than the stack: one such event must not take the others of its request with it.
    return true;
  }
}

function ownText(value: object, key: string): string | null {
  const text: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : null;
  return typeof text === 'string' && text.length <= 64 ? text : null;
}

function problemsOf(error: $ZodError, base: Pick<IngestProblem, 'index' | 'id'>): IngestProblem[] {
  const wrong: IngestProblem[] = [];
  const unknown: IngestProblem[] = [];
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        unknown.push({
          ...base,
          outcome: 'rejected',
          code: 'unknown_key',
          pointer: jsonPointer([...issue.path, key.slice(0, 200)]),
          detail: 'The event has a key that is not part of its kind. Leave it out and send the event again.',
        });
      }
      continue;
    }
    const pointer = jsonPointer(issue.path);
    // A value that breaks two rules is still one thing to correct.
    if (wrong.some((problem) => problem.pointer === pointer)) continue;
    wrong.push({
      ...base,
      outcome: 'rejected',
      code: 'invalid_event',
      pointer,
      detail: detailOfIssue(issue),
    });
  }
  return [...wrong, ...unknown].slice(0, shownProblems);
}

/**
 * Reads one event of a request. An event is refused whole; each thing wrong with it is a problem of its own, so that a
 * tracker can leave out every unknown key at once.
 *
 * @example
 * const { event, problems } = readEvent(raw, index);
 */
export function readEvent(raw: unknown, index: number): ReadEvent {
  const refuse = (
    id: string | null,
    problem: Pick<IngestProblem, 'code' | 'pointer' | 'detail'>,
  ): ReadEvent => ({
    event: null,
    problems: [{ index, id, outcome: 'rejected', ...problem }],
  });
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return refuse(null, { code: 'invalid_event', pointer: '', detail: 'Expected an object.' });
  }
  const id = ownText(raw, 'id');
  const kind: unknown = Object.hasOwn(raw, 'kind') ? Reflect.get(raw, 'kind') : undefined;
  if (!isKind(kind)) {
    const known = Object.keys(eventSchemas).join(', ');
    return refuse(id, { code: 'unknown_kind', pointer: '/kind', detail: `Expected one of: ${known}.` });
  }
  // A parser that kept "__proto__" as an own key would let the schema read past it.
  if (Object.hasOwn(raw, '__proto__')) {
    return refuse(id, {
      code: 'unknown_key',
      pointer: '/__proto__',
      detail: 'The event has a key that is not part of its kind. Leave it out and send the event again.',
    });
  }
  const call = kind === 'llm_call' ? readLlmCall(raw) : null;
  if (call !== null) return { event: call, problems: null };
  const schema: ZodMiniType<UsageEvent> = eventSchemas[kind];
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { event: parsed.data, problems: null };
  if (isTooLarge(raw)) {
    return refuse(id, {
      code: 'event_too_large',
      pointer: '',
      detail: `The event is longer than ${largestEventCharacters} characters. Events hold counts and names, never content.`,
    });
  }
  return { event: null, problems: problemsOf(parsed.error, { index, id }) };
}
