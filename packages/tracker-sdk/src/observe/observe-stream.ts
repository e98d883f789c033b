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
  source: AsyncGenerator<Item>,
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
      return source.return(value);
    },
    throw(error) {
      failed(error);
      return source.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
