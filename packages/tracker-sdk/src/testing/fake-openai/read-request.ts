import type { IncomingMessage } from 'node:http';
import type { FakeOperation } from './fake-reply.ts';

/** What a path of the provider is for; `undefined` for one that it does not have. */
export function routeOf(
  incoming: IncomingMessage,
): { operation: FakeOperation; responseId: string | undefined } | undefined {
  const path = (incoming.url ?? '').replace(/\?.*$/, '');
  const responseId = /\/responses\/([^/]+)/.exec(path)?.[1];
  if (incoming.method === 'POST') {
    const [, operation] = posted.find(([ending]) => ending.test(path)) ?? [];
    return operation && { operation, responseId };
  }
  if (incoming.method === 'GET' && /\/responses\/[^/]+$/.test(path))
    return { operation: 'responses.retrieve', responseId };
  return undefined;
}

const posted: readonly (readonly [ending: RegExp, operation: FakeOperation])[] = [
  [/\/chat\/completions$/, 'chat'],
  [/\/responses$/, 'responses'],
  [/\/responses\/[^/]+\/cancel$/, 'responses.cancel'],
  [/\/embeddings$/, 'embeddings'],
  [/\/images\/generations$/, 'images.generate'],
  [/\/images\/edits$/, 'images.edit'],
  [/\/audio\/transcriptions$/, 'transcription'],
  [/\/audio\/translations$/, 'translation'],
  [/\/audio\/speech$/, 'speech'],
];

/** The body of a request: JSON, the text fields of a form, or nothing. */
export async function readBody(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  if (text === '') return {};
  if (!String(incoming.headers['content-type']).startsWith('multipart/form-data'))
    return JSON.parse(text) as Record<string, unknown>;
  const fields = text.matchAll(/name="([^"]+)"\r\n\r\n([^\r]*)\r\n/g);
  return Object.fromEntries([...fields].map(([, name, value]) => [name, value === 'true' ? true : value]));
}
