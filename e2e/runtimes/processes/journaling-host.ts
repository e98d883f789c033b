// A host program with a spool that writes down, forced to disk, which calls it starts and which of them have ended.
// Arguments: folder of the spool, endpoint, key, customer, journal, milliseconds between calls.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createTracker } from '@tallykit/tracker-sdk';
import { diskSpool } from '@tallykit/tracker-sdk/spool';

const [folder = '', endpoint = '', apiKey = '', customerId = '', journal = '', pause = '1'] =
  process.argv.slice(2);
const tracker = createTracker({
  endpoint,
  apiKey,
  flushIntervalMs: 15,
  maxBatchEvents: 20,
  requestTimeoutMs: 1_000,
  flushTimeoutMs: 30_000,
  spool: diskSpool({ folder, segmentBytes: 4_096 }),
});
const file = openSync(journal, 'a');
const writeDown = (word: string): void => {
  writeSync(file, `${word}\n`);
  fsyncSync(file);
};
let isOver = false;
// The last of them is asked to end, and sends what all the others left.
process.once('SIGTERM', () => (isOver = true));
process.stdout.write('ready\n');
while (!isOver) {
  writeDown('started');
  tracker.record({
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    customerId,
    usage: { input: 10, output: 5 },
  });
  writeDown('ended');
  await new Promise((resolve) => setTimeout(resolve, Number(pause)));
}
await tracker.flush();
const isDelivered = await tracker.shutdown();
closeSync(file);
process.stdout.write(`${JSON.stringify({ isDelivered, ...tracker.stats() })}\n`);
