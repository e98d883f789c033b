import { problemSchema } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { StorageError } from '../storage/contract/storage-error.ts';
import { problemError, ProblemError } from './problem-error.ts';
import { problemResponse } from './problem-response.ts';

function answer(error: unknown) {
  const logged: unknown[] = [];
  const logger = {
    error: (message: string, details?: object) => logged.push({ message, ...details }),
    warn: () => undefined,
  };
  const response = problemResponse(error, { requestId: 'r-1', method: 'GET', path: '/v1/calls/x', logger });
  return { response, logged };
}

describe('problemResponse', () => {
  it('tells a refusal whole, with its headers', async () => {
    const { response, logged } = answer(
      problemError({
        status: 429,
        code: 'rate_limited',
        title: 'Too many requests',
        detail: 'Wait.',
        errors: [{ pointer: '/a', detail: 'b' }],
        headers: { 'retry-after': '3' },
      }),
    );
    expect(response.status).toBe(429);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('retry-after')).toBe('3');
    expect(problemSchema.parse(await response.json())).toEqual({
      type: 'about:blank',
      title: 'Too many requests',
      status: 429,
      code: 'rate_limited',
      detail: 'Wait.',
      instance: 'urn:tallykit:request:r-1',
      errors: [{ pointer: '/a', detail: 'b' }],
    });
    expect(logged).toEqual([]);
  });

  it('hides what was not foreseen behind an id and logs it', async () => {
    const { response, logged } = answer(new Error('password=hunter2 at /srv/secret.ts'));
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/hunter2|secret\.ts/);
    expect(text).toContain('r-1');
    expect(logged).toHaveLength(1);
  });

  it('says that a store which is away will be back', async () => {
    const { response } = answer(new StorageError('unavailable', 'connect ECONNREFUSED 10.0.0.7:5432'));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.text()).not.toContain('10.0.0.7');
  });

  it('knows its errors across two copies of the package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('tallykit.problem-error')]: true });
    expect(ProblemError.is(foreign)).toBe(true);
    expect(ProblemError.is(new Error('x'))).toBe(false);
  });
});
