import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeReply } from './fake-reply.ts';

const streamError = JSON.stringify({
  error: {
    message: 'The server had an error while processing your request.',
    type: 'server_error',
    code: null,
  },
});

/**
 * Writes server-sent events at the pace of the reply, in one write when it has none. Ends early when the caller
 * leaves, and the way the reply's interruption says when it has one.
 */
export async function sendEvents(
  response: ServerResponse,
  events: readonly string[],
  reply: FakeReply,
): Promise<void> {
  const { chunkDelayMs = 0, interrupt } = reply;
  const sent = interrupt ? events.slice(0, interrupt.afterEvents) : events;
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  if (chunkDelayMs > 0) {
    for (const event of sent) {
      if (response.destroyed) return;
      response.write(event);
      await sleep(chunkDelayMs);
    }
  } else if (sent.length > 0) {
    response.write(sent.join(''));
  }
  if (!interrupt) {
    response.end();
  } else if (interrupt.then === 'error') {
    response.end(`event: error\ndata: ${streamError}\n\n`);
  } else if (interrupt.then === 'disconnect') {
    // Lets what was written reach the caller before the socket goes.
    setTimeout(() => response.destroy(), 5);
  }
}
