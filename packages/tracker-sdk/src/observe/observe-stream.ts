import type { CallEnd } from './call-recorder.ts';
import { install } from './install.ts';
import { type CallObserver, safely } from './observe-promise.ts';
import { type Answer, fieldsOf } from './read-value.ts';

/** Sees what passes through an iterator, in lock step with the host that reads it. None of it may throw. */
export interface StreamWatcher<Item> {
  /** An item is about to reach the host. `false` hides it. */
  readonly item: (item: Item) => boolean;
  /** The source has no more, or the host left before that. */
  readonly ended: (left: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * An iterator that reads from another one exactly when it is read itself: nothing is buffered, pulled ahead or
 * delayed by more than one microtask.
 */
export function watchIterator<Item>(
  source: AsyncIterator<Item>,
  { item, ended, failed }: StreamWatcher<Item>,
): AsyncIterableIterator<Item> {
  type Result = IteratorResult<Item>;

  const passed = (result: Result): Result | Promise<Result> => {
    if (result.done) ended(false);
    else if (!item(result.value)) return next();
    return result;
  };
  const fell = (error: unknown): never => {
    failed(error);
    throw error;
  };
  const next = (): Promise<Result> => source.next().then(passed, fell);

  return {
    next,
    return(value) {
      ended(true);
      return source.return?.(value) ?? Promise.resolve({ done: true, value });
    },
    throw(error) {
      failed(error);
      return source.throw?.(error) ?? Promise.reject(error as Error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * Watches what a stream of an SDK is iterated with, by its name. A stream can be read once: a second attempt fails by
 * itself and says nothing about the first. `false` when there is nothing to iterate with.
 */
export function watchOnce<Item>(stream: unknown, name: PropertyKey, watcher: StreamWatcher<Item>): boolean {
  let opened = false;
  return install(stream, name, (open) => () => {
    const source = open.call(stream) as AsyncGenerator<Item>;
    if (opened) return source;
    opened = true;
    return watchIterator(source, watcher);
  });
}

/** Reads a stream item by item. */
export interface StreamReader {
  /**
   * Takes what an item tells and gives the text that the model wrote in it; `null` for an item that is not the model's,
   * `false` for one that the host must not see.
   */
  readonly item: (item: Answer) => string | null | undefined | false;
  /** How the call ended when nothing more comes. `whole` is false when the host left or aborted. */
  readonly end: (whole: boolean) => CallEnd;
}

/** Watches a stream for a call: what the reader makes of it. */
export function watcherOf(
  { call, recorder, endOf }: CallObserver,
  reader: StreamReader,
  signal: Pick<AbortSignal, 'aborted'> | null | undefined,
): StreamWatcher<unknown> {
  return {
    item(item) {
      let text: ReturnType<StreamReader['item']>;
      safely(recorder, () => {
        text = reader.item(fieldsOf(item));
        if (text !== null) call.chunk(text || '');
      });
      return text !== false;
    },
    ended: (left) => safely(recorder, () => call.end(reader.end(!left && !signal?.aborted))),
    // The answer had begun, so an error in it is none of HTTP.
    failed: (error) =>
      safely(recorder, () => call.end({ ...endOf(error), complete: false, httpStatus: undefined })),
  };
}
