import type { StreamWatcher } from './observe-stream.ts';

/**
 * A stream that reads from another one exactly when it is read itself: nothing is buffered or pulled ahead, leaving it
 * leaves the other, and it fails as the other does.
 */
export function relayStream<Item>(
  source: ReadableStream<Item>,
  { item, ended, failed }: StreamWatcher<Item>,
): ReadableStream<Item> {
  const reader = source.getReader();
  const fell = (error: unknown): never => {
    failed(error);
    throw error;
  };
  return new ReadableStream<Item>(
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
