import { ConnectionError, ProblemError, SessionError } from '@tallykit/client';
import { describe, expect, it } from 'vitest';
import { exampleNow } from '../testing/answers/calendar.ts';
import { tokenSpendAnswer, tokenSpendEmpty } from '../testing/answers/token-spend-answer.ts';
import { selectTokenSpend } from '../widgets/token-spend-kpi/select-token-spend.ts';
import { isStale } from './is-stale.ts';
import { stateOfAnswer } from './state-of-answer.ts';

const now = Date.parse(exampleNow);
const minutes = 60_000;
const problem = (status: number, code: string): ProblemError =>
  new ProblemError({ type: 'about:blank', title: 'Problem', status, code, detail: 'Planted.' });
const name = (data: typeof tokenSpendAnswer | undefined, error: unknown, at = now): string =>
  stateOfAnswer({ data, error }, selectTokenSpend, at).name;

describe('the state of a widget', () => {
  it('is loading until something is known', () => {
    expect(name(undefined, null)).toBe('loading');
  });

  it('keeps the last figures after a failure, as stale', () => {
    expect(
      name(tokenSpendAnswer, new ConnectionError('GET /v1/insights/{id}', new TypeError('planted'))),
    ).toBe('stale');
    expect(name(tokenSpendAnswer, problem(500, 'internal_error'))).toBe('stale');
  });

  it('takes the figures away when the reader is refused', () => {
    expect(name(tokenSpendAnswer, problem(403, 'role_denied'))).toBe('denied');
    expect(name(tokenSpendAnswer, problem(401, 'unauthenticated'))).toBe('denied');
    expect(name(tokenSpendAnswer, problem(403, 'field_withheld'))).toBe('withheld');
    expect(name(tokenSpendAnswer, new SessionError('It ended.'))).toBe('denied');
  });

  it('names the code of a failure', () => {
    expect(
      stateOfAnswer({ data: undefined, error: problem(500, 'internal_error') }, selectTokenSpend, now),
    ).toEqual({
      name: 'failed',
      code: 'internal_error',
    });
    expect(name(undefined, new TypeError('planted'))).toBe('failed');
  });

  it('becomes stale by its own cadence', () => {
    expect(name(tokenSpendAnswer, null, now + 9 * minutes)).toBe('ready');
    expect(name(tokenSpendAnswer, null, now + 11 * minutes)).toBe('stale');
  });

  it('stays empty however old it is', () => {
    expect(name(tokenSpendEmpty, null, now + 600 * minutes)).toBe('empty');
  });
});

describe('isStale', () => {
  it('allows each cadence its own age', () => {
    const at = (cadence: 'hourly' | 'nightly' | 'on_write', age: number): boolean =>
      isStale({ asOf: exampleNow, cadence }, now + age * minutes);
    expect(at('hourly', 119)).toBe(false);
    expect(at('hourly', 121)).toBe(true);
    expect(at('nightly', 25 * 60)).toBe(false);
    expect(at('nightly', 27 * 60)).toBe(true);
    expect(at('on_write', 90 * 24 * 60)).toBe(false);
  });
});
