import type { ReconciliationState } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { countStates, matchedThrough, stateOfAll } from './state-of-all.ts';

const days = (...states: readonly ReconciliationState[]) =>
  states.map((state, index) => ({ provider: 'openai', day: `2026-11-1${index}`, state }));

describe('the state of the whole', () => {
  it.each<[readonly ReconciliationState[], ReconciliationState]>([
    [['matched', 'matched', 'provisional', 'waiting'], 'matched'],
    [['matched', 'matched_with_adjustment', 'provisional'], 'matched_with_adjustment'],
    [['variance', 'matched', 'unallocated'], 'variance'],
    [['provisional', 'waiting'], 'waiting'],
    [['provisional'], 'provisional'],
    [['matched', 'not_configured'], 'matched'],
    [[], 'waiting'],
  ])('of %j is %s', (states, whole) => {
    expect(stateOfAll(days(...states), true)).toBe(whole);
  });

  it('is not configured when no provider ever reported', () => {
    expect(stateOfAll(days('not_configured'), false)).toBe('not_configured');
  });
});

describe('matched through', () => {
  it('is the last day before the first that is not matched', () => {
    expect(matchedThrough(days('matched', 'matched_with_adjustment', 'provisional', 'matched'))).toBe(
      '2026-11-11',
    );
    expect(matchedThrough(days('variance', 'matched'))).toBeNull();
    expect(matchedThrough([])).toBeNull();
  });

  it('needs every provider of a day', () => {
    const both = [
      ...days('matched', 'matched'),
      { provider: 'anthropic', day: '2026-11-11', state: 'waiting' as const },
    ];
    expect(matchedThrough(both)).toBe('2026-11-10');
  });
});

it('counts days by state', () => {
  expect(countStates(days('matched', 'waiting', 'matched'))).toEqual([
    { state: 'matched', days: 2 },
    { state: 'waiting', days: 1 },
  ]);
});
