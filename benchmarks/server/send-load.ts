import { gzipSync } from 'node:zlib';
import { generateEvents } from './generate-events.ts';

/** Sends events to a server from a process of its own, so that only the server's work is seen in the other. */
const [endpoint = '', apiKey = '', events = '0', seed = '1'] = process.argv.slice(2);
const until = Date.now();
const bodies = [
  ...generateEvents({ events: Number(events), customers: 200, until, days: 1, seed: Number(seed) }, 500),
].map((batch) =>
  gzipSync(JSON.stringify({ protocol: 1, sentAt: new Date(until).toISOString(), events: batch })),
);
process.stdout.write('ready\n');
await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()));

let next = 0;
await Promise.all(
  Array.from({ length: 4 }, async () => {
    for (let body = bodies[next++]; body; body = bodies[next++]) {
      const response = await fetch(`${endpoint}/v1/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        },
        body,
      });
      const answer = (await response.json()) as { accepted?: number };
      if (!response.ok || !answer.accepted)
        throw new Error(`The server answered ${response.status}: ${JSON.stringify(answer)}`);
    }
  }),
);
process.exit(0);
