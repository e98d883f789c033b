import type { StreamWatcher } from '../../observe/observe-stream.ts';
import type { Answer } from './read-message.ts';

/**
 * Sees the events in the body of an answer that a helper of the SDK reads by itself, chunk by chunk as it reads them.
 * The bytes stay as they are.
 */
export function watchBody(response: Response, { item, ended, failed }: StreamWatcher<Answer>): void {
  const { body } = response;
  if (!body) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';

  function read(bytes: Uint8Array): void {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) item(JSON.parse(line.slice(5)) as Answer);
  }

  const value = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value: bytes } = await reader.read();
          if (done) {
            ended(false);
            return controller.close();
          }
          try {
            read(bytes);
          } catch {
            // What is no event here is one for the SDK to stumble over.
          }
          controller.enqueue(bytes);
        } catch (error) {
          failed(error);
          controller.error(error);
        }
      },
      cancel(reason) {
        ended(true);
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  Object.defineProperty(response, 'body', { value, configurable: true });
}
