import { install, type Method, put } from './install.ts';
import { type StreamWatcher, watchIterator } from './observe-stream.ts';
import { seePromise } from './see-promise.ts';

/** A stream of the platform, or of a class that an SDK derives from it. */
export type Readable = ReadableStream<unknown>;

/** Whether a value is a stream. */
export const isReadable = (value: unknown): value is Readable =>
  typeof (value as Partial<Readable> | null | undefined)?.getReader === 'function';

/**
 * Watches a stream however the host reads it: by iterating, with a reader, through a tee or a pipe. It stays the SDK's
 * own object, and nothing is read before the host reads.
 */
export function watchReadable(stream: Readable, watcher: StreamWatcher<unknown>): void {
  const iterate = stream[Symbol.asyncIterator].bind(stream) as () => AsyncGenerator<unknown>;

  /** The platform reads a stream that it divides or pipes from within; so it gets one that reads this one. */
  const relay = (): Readable => {
    const items = watchIterator(iterate(), watcher);
    return new ReadableStream<unknown>(
      {
        async pull(controller) {
          const { done, value } = await items.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        async cancel(reason) {
          await items.return?.(reason);
        },
      },
      { highWaterMark: 0 },
    );
  };

  install(stream, 'values', (values) => (options) => {
    return watchIterator(values.call(stream, options) as AsyncGenerator<unknown>, watcher);
  });
  put(stream, Symbol.asyncIterator, () => watchIterator(iterate(), watcher));
  install(stream, 'getReader', (getReader) => (...options) => {
    const reader = getReader.apply(stream, options) as object;
    watchReader(reader, watcher);
    return reader;
  });
  install(stream, 'cancel', leaving(stream, watcher));
  for (const name of ['tee', 'pipeTo', 'pipeThrough'] as const)
    put(stream, name, (...parameters: unknown[]) => (relay()[name] as Method)(...parameters));
}

/** A method with which the host leaves. */
const leaving =
  (target: object, { ended }: StreamWatcher<unknown>) =>
  (original: Method): Method =>
  (...parameters) => {
    ended(true);
    return original.apply(target, parameters);
  };

function watchReader(reader: object, watcher: StreamWatcher<unknown>): void {
  install(reader, 'read', (read) => (...parameters) => {
    const answer = read.apply(reader, parameters) as Promise<IteratorResult<unknown>>;
    return seePromise(
      answer,
      ({ done, value }) => {
        if (done) watcher.ended(false);
        else watcher.item(value);
      },
      watcher.failed,
    );
  });
  install(reader, 'cancel', leaving(reader, watcher));
}
