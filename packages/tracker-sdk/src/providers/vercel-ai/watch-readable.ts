import type { StreamWatcher } from '../../observe/observe-stream.ts';

/**
 * A stream that reads from another one exactly when it is read itself: nothing is buffered or pulled ahead, and leaving
 * it leaves the other. Made by hand, because runtimes differ in whether a `TransformStream` tells that it was left.
 */
export function watchReadable<Part>(
  source: ReadableStream<Part>,
  { item, ended, failed }: Pick<StreamWatcher<Part>, 'item' | 'ended' | 'failed'>,
): ReadableStream<Part> {
  const reader = source.getReader();
  const fell = (error: unknown): never => {
    failed(error);
    throw error;
  };
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch(fell);
        if (done) {
          ended(false);
          controller.close();
        } else {
          item(value);
          controller.enqueue(value);
        }
      },
      cancel(reason) {
        ended(true);
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
