import { expect, test } from 'vitest';
import { classifyError } from './classify-error.ts';

test.each([0, 7, -1, 99, 600, 429.5, NaN, Infinity])(
  'a number of the host that is no status of HTTP is not sent as one: %s',
  (status) => {
    const end = classifyError(Object.assign(new Error('canary'), { status }), false);
    expect(end).toEqual({
      status: 'error',
      complete: false,
      errorClass: 'connection_failed',
      httpStatus: undefined,
    });
  },
);

test('a status of HTTP is told', () => {
  expect(classifyError({ status: 429 }, false)).toMatchObject({ errorClass: 'http_429', httpStatus: 429 });
});
