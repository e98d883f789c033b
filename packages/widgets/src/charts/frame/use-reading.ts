import { useCallback, useReducer, type KeyboardEvent, type PointerEvent } from 'react';
import {
  isReadingKey,
  nextReading,
  notReading,
  type ReadingEvent,
  type ReadingState,
} from '../keyboard/reading.ts';
import type { XPositions } from '../scale/x-positions.ts';

/** The reading of a picture and the handlers that its plot needs. */
export interface Reading {
  readonly index: number | null;
  readonly handlers: {
    readonly onFocus: () => void;
    readonly onBlur: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
  };
}

/** Keeps which bucket is read, by keyboard, pointer or touch. */
export function useReading(positions: XPositions): Reading {
  const [state, send] = useReducer(
    (current: ReadingState, event: ReadingEvent) => nextReading(current, event, positions),
    notReading,
  );
  const point = useCallback(
    (event: PointerEvent) => {
      const box = event.currentTarget.getBoundingClientRect();
      if (box.width === 0) return;
      send({ name: 'pointed', index: positions.indexAt((event.clientX - box.left) / box.width) });
    },
    [positions],
  );
  // The data may have become shorter since the last reading.
  const index = state.index === null || state.index >= positions.count ? null : state.index;
  return {
    index,
    handlers: {
      onFocus: () => send({ name: 'focused' }),
      onBlur: () => send({ name: 'blurred' }),
      onKeyDown: (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey || !isReadingKey(event.key, state, positions))
          return;
        event.preventDefault();
        send({ name: 'keyed', key: event.key });
      },
      onPointerMove: point,
      onPointerDown: point,
      onPointerLeave: () => send({ name: 'left' }),
    },
  };
}
