import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  bodyAlreadyRead,
  bodyMissing,
  bodyNotGzip,
  bodyNotJson,
  bodyTooLarge,
  bodyTruncated,
  wrongContentEncoding,
  wrongContentType,
} from './body-problems.ts';

const unzip = promisify(gunzip);

/**
 * Reads a JSON body of at most `limit` bytes, counted after decompression, so that a small gzip of a huge text stops at
 * the limit. Throws a problem for everything that can be wrong with a body.
 */
export async function readJsonBody(request: Request, limit: number): Promise<unknown> {
  if (request.bodyUsed) throw bodyAlreadyRead();
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) {
    throw request.body === null ? bodyMissing() : wrongContentType();
  }
  return parseJson(await readBody(request, { limit }));
}

/**
 * Reads a body of at most `limit` bytes as it was before compression. Throws a problem for everything that can be wrong
 * with it, also when it is empty and may not be.
 */
export async function readBody(
  request: Request,
  { limit, mayBeEmpty = false }: { readonly limit: number; readonly mayBeEmpty?: boolean },
): Promise<Uint8Array> {
  if (request.bodyUsed) throw bodyAlreadyRead();
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') throw wrongContentEncoding();
  if (request.body === null && mayBeEmpty) return new Uint8Array();
  const sent = await readBytes(request, limit);
  if (sent.length === 0 && !mayBeEmpty) throw bodyMissing();
  return encoding === 'gzip' && sent.length > 0 ? decompress(sent, limit) : sent;
}

async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limit) throw bodyTooLarge(limit);
  if (request.body === null) throw bodyMissing();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw Object.assign(bodyTruncated(), { cause: error });
    });
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel().catch(() => undefined);
      throw bodyTooLarge(limit);
    }
    chunks.push(value);
  }
  if (length < announced) throw bodyTruncated();
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length);
}

async function decompress(sent: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await unzip(sent, { maxOutputLength: limit });
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge(limit);
    throw code === 'Z_BUF_ERROR' ? bodyTruncated() : bodyNotGzip();
  }
}

/** Reads JSON in UTF-8. Throws a problem that repeats nothing of it. */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw bodyNotJson('not UTF-8');
  }
  if (text.trim() === '') throw bodyMissing();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // The engine's message quotes the text, which may hold what must not travel further; only the place is told.
    throw bodyNotJson(/at position \d+/.exec(String(error))?.[0] ?? null);
  }
}
