import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ProblemError } from './problem-error.ts';
import { readJsonBody } from './read-body.ts';

function post(body: string | Uint8Array<ArrayBuffer> | null, headers: Record<string, string> = {}): Request {
  return new Request('http://host/v1/events', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

async function codeOf(request: Request, limit = 1000): Promise<string> {
  try {
    await readJsonBody(request, limit);
    return 'read';
  } catch (error) {
    return ProblemError.is(error) ? `${error.status} ${error.code}` : String(error);
  }
}

const gzip = { 'content-encoding': 'gzip' };

describe('readJsonBody', () => {
  it('reads JSON as it is and gzipped', async () => {
    const text = JSON.stringify({ name: 'Zoë' });
    expect(await readJsonBody(post(text), 1000)).toEqual({ name: 'Zoë' });
    expect(await readJsonBody(post(gzipSync(text), gzip), 1000)).toEqual({ name: 'Zoë' });
    expect(await codeOf(post('{}', { 'content-type': 'application/json; charset=utf-8' }))).toBe('read');
    expect(await codeOf(post('{}', { 'content-type': 'application/vnd.api+json' }))).toBe('read');
  });

  it('stops a gzip bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 32));
    expect(bomb.length).toBeLessThan(25_000);
    expect(await codeOf(post(bomb, gzip), 30_000)).toBe('413 body_too_large');
  });

  it('stops a body that is larger than announced or than allowed', async () => {
    expect(await codeOf(post('"'.padEnd(2000, 'x')))).toBe('413 body_too_large');
    expect(await codeOf(post('{}', { 'content-length': '99999' }))).toBe('413 body_too_large');
  });

  it('tells a truncated gzip from something that is no gzip', async () => {
    const whole = gzipSync(JSON.stringify({ text: 'a'.repeat(100) }));
    expect(await codeOf(post(whole.subarray(0, whole.length - 9), gzip))).toBe('400 body_truncated');
    expect(await codeOf(post('{"plain":true}', gzip))).toBe('400 body_not_gzip');
  });

  it('refuses a body that breaks off', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"a":'));
        controller.error(new Error('connection reset'));
      },
    });
    const request = new Request('http://host/', {
      method: 'POST',
      body: broken,
      duplex: 'half',
      headers: { 'content-type': 'application/json' },
    } as RequestInit);
    expect(await codeOf(request)).toBe('400 body_truncated');
    expect(await codeOf(post('{}', { 'content-length': '10' }))).toBe('400 body_truncated');
  });

  it('names other kinds of body', async () => {
    expect(await codeOf(post('{}', { 'content-type': 'text/plain' }))).toBe('415 content_type_not_json');
    expect(await codeOf(post('{}', { 'content-encoding': 'br' }))).toBe('415 content_encoding_unknown');
    expect(await codeOf(post(''))).toBe('400 body_missing');
    expect(await codeOf(new Request('http://host/', { method: 'POST' }))).toBe('400 body_missing');
    expect(await codeOf(post(new Uint8Array([0x22, 0xff, 0x22])))).toBe('400 body_not_json');
  });

  it('does not repeat a text that is no JSON', async () => {
    const error: unknown = await readJsonBody(post('{"key": sk-secret}'), 1000).catch(
      (caught: unknown) => caught,
    );
    expect(ProblemError.is(error) && error.code).toBe('body_not_json');
    expect(ProblemError.is(error) && error.detail).not.toContain('sk-secret');
  });

  it('says so when something else has read the body', async () => {
    const request = post('{}');
    await request.text();
    expect(await codeOf(request)).toBe('500 body_already_read');
  });
});
