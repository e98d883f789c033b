import type { Direction } from '../scale/x-positions.ts';

/** Which bucket is being read, and what led there. */
export interface ReadingState {
  /** Null while nothing is read. */
  readonly index: number | null;
  readonly by: 'keyboard' | 'pointer';
}

/** What can happen to a picture while it is read. */
export type ReadingEvent =
  | { readonly name: 'focused' }
  | { readonly name: 'blurred' }
  | { readonly name: 'pointed'; readonly index: number }
  | { readonly name: 'left' }
  | { readonly name: 'keyed'; readonly key: string };

/** The size of what is read. */
export interface ReadingField {
  readonly count: number;
  readonly direction: Direction;
}

/** Nothing is read. */
export const notReading: ReadingState = { index: null, by: 'pointer' };

function step(key: string, field: ReadingField): number | null {
  const forward = field.direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const page = Math.max(2, Math.round(field.count / 10));
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return key === forward ? 1 : -1;
    case 'ArrowUp':
      return 1;
    case 'ArrowDown':
      return -1;
    case 'PageUp':
      return page;
    case 'PageDown':
      return -page;
    case 'Home':
      return -Infinity;
    case 'End':
      return Infinity;
    default:
      return null;
  }
}

/** Whether a key moves or ends the reading, so that the page must not act on it too. */
export function isReadingKey(key: string, state: ReadingState, field: ReadingField): boolean {
  return key === 'Escape' ? state.index !== null : step(key, field) !== null;
}

/**
 * The next state of a reading. Focus begins at the newest bucket; arrows follow the direction of the axis; Home and End
 * go to its ends; Page Up and Page Down move a tenth; Escape puts the reading away.
 */
export function nextReading(state: ReadingState, event: ReadingEvent, field: ReadingField): ReadingState {
  const last = field.count - 1;
  if (last < 0) return notReading;
  switch (event.name) {
    case 'focused':
      return state.index === null ? { index: last, by: 'keyboard' } : state;
    case 'blurred':
      return notReading;
    case 'pointed':
      return state.index === event.index ? state : { index: event.index, by: 'pointer' };
    case 'left':
      return state.by === 'pointer' ? notReading : state;
    case 'keyed': {
      if (event.key === 'Escape') return notReading;
      const by = step(event.key, field);
      if (by === null) return state;
      const from = state.index ?? last;
      return { index: Math.max(0, Math.min(last, from + by)), by: 'keyboard' };
    }
  }
}
