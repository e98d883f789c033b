import type { ReconciliationState } from '@tallykit/protocol';

/** How a state looks: its tone, and a sign for readers who do not tell colours apart. */
export interface StateMark {
  readonly tone: 'good' | 'adjusted' | 'provisional' | 'bad' | 'warn' | 'waiting' | 'none';
  readonly sign: string;
}

/** The order in which states are named. */
export const stateOrder: readonly ReconciliationState[] = [
  'matched',
  'matched_with_adjustment',
  'provisional',
  'waiting',
  'variance',
  'unallocated',
  'error',
  'not_configured',
];

/** The mark of each state. No two states share both tone and sign. */
export const stateMarks: Readonly<Record<ReconciliationState, StateMark>> = {
  matched: { tone: 'good', sign: '' },
  matched_with_adjustment: { tone: 'adjusted', sign: '±' },
  provisional: { tone: 'provisional', sign: '•' },
  variance: { tone: 'bad', sign: '!' },
  unallocated: { tone: 'warn', sign: '?' },
  error: { tone: 'bad', sign: '×' },
  waiting: { tone: 'waiting', sign: '' },
  not_configured: { tone: 'none', sign: '–' },
};
