import { ProtocolError } from './errors/protocol-error.ts';
import type { Route } from './routes.ts';

/** What the client needs of a protocol schema: the part that all validators share. */
export interface AnswerSchema {
  readonly '~standard': {
    readonly validate: (value: unknown) => AnswerVerdict | Promise<AnswerVerdict>;
  };
}

interface AnswerVerdict {
  readonly issues?: readonly AnswerIssue[] | undefined;
}

interface AnswerIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** The type that was expected, from checkers that say so. */
  readonly expected?: unknown;
}

/**
 * Reads an answer's text as JSON and checks it. What comes back is the answer itself, not the checker's copy, so that
 * fields which the server has learned since this client was built stay on it.
 */
export async function checkAnswer<Answer>(text: string, route: Route, schema: AnswerSchema): Promise<Answer> {
  const value = readJson(text, route);
  const { issues } = await schema['~standard'].validate(value);
  const first = issues?.[0];
  if (first !== undefined) {
    const path = (first.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
    throw new ProtocolError({
      route,
      pointer: path.map(escapePointer).join(''),
      reason: reasonOf(first, valueAt(value, path)),
    });
  }
  return value as Answer;
}

function readJson(text: string, route: Route): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const looksLikeAPage = /^\s*</.test(text);
    const reason = looksLikeAPage
      ? 'a page of HTML stands where JSON was expected.'
      : `the JSON is broken or cut off after ${text.length} characters.`;
    throw new ProtocolError({ route, pointer: '', reason }, { cause });
  }
}

function escapePointer(part: string): string {
  return `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inside, part) =>
      typeof inside === 'object' && inside !== null ? (inside as Record<string, unknown>)[part] : undefined,
    value,
  );
}

// The value itself stays out of the message: errors end up in logs, and answers are somebody's figures.
function reasonOf({ message, expected }: AnswerIssue, value: unknown): string {
  const came = value === undefined ? 'nothing' : value === null ? 'null' : `a ${typeof value}`;
  if (typeof expected === 'string') return `${expected} was expected and ${came} came.`;
  return `${came} came that does not fit (${message.trim().replace(/\.$/, '')}).`;
}
