import type { StreamWatcher } from '../../observe/observe-stream.ts';
import { put } from '../../observe/install.ts';
import { relayStream } from '../../observe/relay-stream.ts';

/**
 * Sees the events in the body of an answer that a helper of the SDK reads by itself, chunk by chunk as it reads them.
 * The bytes stay as they are.
 */
export function watchBody(response: Response, { item, ended, failed }: StreamWatcher<unknown>): void {
  const { body } = response;
  if (!body) return;
  const decoder = new TextDecoder();
  let rest = '';

  function read(bytes: Uint8Array): void {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) item(JSON.parse(line.slice(5)));
  }

  const value = relayStream(body, {
    item(bytes) {
      try {
        read(bytes);
      } catch {
        // What is no event here is one for the SDK to stumble over.
      }
      return true;
    },
    ended,
    failed,
  });
  put(response, 'body', value);
}
