/** Sees what passes through an iterator, in lock step with the host that reads it. None of it may throw. */
export interface StreamWatcher<Item> {
  /** The host asked for more. */
  readonly asked: () => void;
  /** An item is about to reach the host. `false` hides it. */
  readonly item: (item: Item) => boolean;
  /** The source has no more. */
  readonly ended: () => void;
  readonly failed: (error: unknown) => void;
  /** The host left before the end. */
  readonly left: () => void;
}

// Gives the replacement what every async generator inherits: being iterable, and disposable where that exists.
const asyncGeneratorPrototype = Object.getPrototypeOf(async function* () {}) as { prototype: object };
const asyncIteratorPrototype = Object.getPrototypeOf(asyncGeneratorPrototype.prototype) as object;

/**
 * An iterator that reads from another one exactly when it is read itself: nothing is buffered, pulled ahead or
 * delayed by more than one microtask. Requests made before earlier ones were answered keep their order.
 */
export function watchIterator<Item>(
  source: AsyncIterator<Item>,
  watcher: StreamWatcher<Item>,
): AsyncIterator<Item> {
  let waiting = 0;
  let last: Promise<IteratorResult<Item>> | undefined;

  const onResult = (result: IteratorResult<Item>): IteratorResult<Item> | Promise<IteratorResult<Item>> => {
    if (result.done) watcher.ended();
    else if (!watcher.item(result.value)) return read();
    waiting--;
    return result;
  };
  const onError = (error: unknown): never => {
    waiting--;
    watcher.failed(error);
    throw error;
  };
  const read = (): Promise<IteratorResult<Item>> => source.next().then(onResult, onError);

  return Object.assign(Object.create(asyncIteratorPrototype) as object, {
    next(): Promise<IteratorResult<Item>> {
      watcher.asked();
      const previous = waiting++ > 0 ? last : undefined;
      last = previous ? previous.then(read, read) : read();
      return last;
    },
    return(value?: unknown): Promise<IteratorResult<Item>> {
      watcher.left();
      return source.return?.(value) ?? Promise.resolve({ done: true, value: value as never });
    },
    throw(error?: unknown): Promise<IteratorResult<Item>> {
      watcher.failed(error);
      return source.throw?.(error) ?? Promise.reject(error);
    },
  });
}
