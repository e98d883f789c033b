import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { cursorExpired, invalidCursor } from './dataset-problems.ts';
import type { Span } from './question.ts';

/** Where a list goes on: below an id, within what stood in the log when its first page was read. */
export interface ListPosition {
  readonly before: string;
  readonly upTo: number;
  readonly range: Span;
}

/** What a cursor belongs to: who asks which list. It is worth nothing for anybody else or for another question. */
export interface ListIdentity {
  readonly secret: string;
  readonly asker: string;
  readonly question: unknown;
}

const fingerprint = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

function sign(body: string, { secret, asker }: ListIdentity): Buffer {
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(`${asker}\n${body}`).digest();
}

/** A position as a text that only its own asker can use, and nobody can make. */
export function writeCursor({ before, upTo, range }: ListPosition, identity: ListIdentity): string {
  const parts = [before, upTo, range.from, range.to, fingerprint(identity.question)];
  const body = Buffer.from(JSON.stringify(parts)).toString('base64url');
  return `${body}.${sign(body, identity).toString('base64url')}`;
}

/**
 * The position that a cursor carries. Throws 410 `cursor_expired` when it was signed by another store or for somebody else,
 * 400 `invalid_cursor` when it belongs to another question or is none.
 */
export function readCursor(cursor: string, identity: ListIdentity): ListPosition {
  const [body = '', signature = '', ...rest] = cursor.split('.');
  if (body === '' || signature === '' || rest.length > 0) throw invalidCursor();
  const told = Buffer.from(signature, 'base64url');
  const own = sign(body, identity);
  if (told.length !== own.length || !timingSafeEqual(told, own)) throw cursorExpired();
  const [before, upTo, from, to, question] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
    string,
    number,
    number,
    number,
    string,
  ];
  if (question !== fingerprint(identity.question)) throw invalidCursor();
  return { before, upTo, range: { from, to } };
}
