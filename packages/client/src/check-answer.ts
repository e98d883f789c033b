import { deviationOf, type Deviation, type Shape } from './answers/shape.ts';
import { ProtocolError } from './errors/protocol-error.ts';
import type { Route } from './routes.ts';

/**
 * Reads an answer's text as JSON and checks it. What comes back is the answer itself, so that fields which the server
 * has learned since this client was built stay on it.
 */
export function checkAnswer<Answer>(text: string, route: Route, shape: Shape): Answer {
  const value = readJson(text, route);
  const deviation = deviationOf(shape, value);
  if (deviation !== null) {
    throw new ProtocolError({
      route,
      pointer: deviation.path.map(escapePointer).join(''),
      reason: reasonOf(deviation, valueAt(value, deviation.path)),
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
function reasonOf({ expected, wanted }: Deviation, value: unknown): string {
  const came = value === undefined ? 'nothing' : value === null ? 'null' : `a ${typeof value}`;
  if (expected !== null) return `${expected} was expected and ${came} came.`;
  return `${came} came that does not fit (${wanted}).`;
}
