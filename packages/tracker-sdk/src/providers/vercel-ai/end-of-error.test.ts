import {
  APICallError,
  LoadAPIKeyError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { endOfModelError } from './end-of-error.ts';

const call = { url: 'https://example.com', requestBodyValues: {}, message: 'canary' };
const codeOf = (code: string) => ({ error: { message: 'canary', code } });

test.each([
  ['an HTTP error', new APICallError({ ...call, statusCode: 429 }), ['error', true, 'http_429', 429]],
  [
    'a telling code of the provider',
    new APICallError({ ...call, statusCode: 429, data: codeOf('insufficient_quota') }),
    ['error', true, 'insufficient_quota', 429],
  ],
  [
    'a code that may hold anything',
    new APICallError({ ...call, statusCode: 400, data: codeOf('canary') }),
    ['error', true, 'http_400', 400],
  ],
  ['no connection', new APICallError(call), ['error', false, 'connection_failed', undefined]],
  [
    'an answer that cannot be read',
    new APICallError({ ...call, statusCode: 200 }),
    ['error', false, 'invalid_response', undefined],
  ],
  [
    'a part that is not as expected',
    new TypeValidationError({ value: 'canary', cause: new Error('canary') }),
    ['error', false, 'invalid_response', undefined],
  ],
  [
    'a missing key',
    new LoadAPIKeyError({ message: 'canary' }),
    ['error', false, 'invalid_request', undefined],
  ],
  [
    'a wish that the model cannot meet',
    new UnsupportedFunctionalityError({ functionality: 'canary' }),
    ['error', false, 'invalid_request', undefined],
  ],
  [
    'an object in a stream',
    { type: 'overloaded_error', message: 'canary' },
    ['error', false, 'server_error', undefined],
  ],
  ['a text in a stream', 'canary', ['error', false, 'server_error', undefined]],
  ['nothing', undefined, ['error', false, 'server_error', undefined]],
  [
    "the platform's abort",
    new DOMException('canary', 'AbortError'),
    ['aborted', false, 'aborted', undefined],
  ],
  [
    "the platform's timeout",
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
    ['error', false, 'timeout', undefined],
  ],
] as const)('%s', (_, error, expected) => {
  const { status, complete, errorClass, httpStatus } = endOfModelError(error, false);
  expect([status, complete, errorClass, httpStatus]).toEqual(expected);
});

test("an error after the host's own abort is an abort, whatever it looks like", () => {
  for (const error of [new APICallError({ ...call, statusCode: 500 }), 'text', new Error('x')])
    expect(endOfModelError(error, true).status).toBe('aborted');
});
