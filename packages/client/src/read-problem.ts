import type { Problem } from '@tallykit/protocol';
import { problemShape } from './answers/answer-shapes.ts';
import { deviationOf } from './answers/shape.ts';

/** An error answer as it came off the wire. */
export interface ErrorAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly contentType: string | null;
  /** The body: parsed when it was JSON, text otherwise, `undefined` when it was empty or unreadable. */
  readonly body: unknown;
}

/** The problem in an error answer, or one made for it when a proxy or an old server answered in its own way. */
export function readProblem(answer: ErrorAnswer): Problem {
  if (deviationOf(problemShape, answer.body) === null) {
    return { ...(answer.body as Problem), status: answer.status };
  }
  const { status, contentType } = answer;
  const title = answer.statusText === '' ? `HTTP ${status}` : answer.statusText;
  const kind =
    contentType === null ? 'no content type' : `content type ${contentType.split(';', 1)[0] ?? ''}`;
  return {
    type: 'about:blank',
    title,
    status,
    code: `http_${status}`,
    detail:
      `The server answered ${status} with ${kind} instead of a problem document, so a proxy between this page and ` +
      'Tallykit, or another server, probably answered. Check baseUrl and the proxy.',
  };
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date against the clock. Null when unreadable. */
export function retryAfterMsOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
