// A host program that counts five calls and then ends in the way that its first argument names. Arguments after it:
// endpoint, key, customer, folder of a spool (none: no spool). It writes what its tracker counted as lost.
import { createTracker } from '@tallykit/tracker-sdk';
import { diskSpool } from '@tallykit/tracker-sdk/spool';

const [ending = '', endpoint = '', apiKey = '', customerId = '', folder] = process.argv.slice(2);
const tracker = createTracker({
  endpoint,
  apiKey,
  flushIntervalMs: 600_000,
  ...(folder && { spool: diskSpool({ folder }) }),
  onLoss: ({ reason, count }) => process.stdout.write(`lost ${count} ${reason}\n`),
});
for (let index = 0; index < 5; index++)
  tracker.record({
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    customerId,
    usage: { input: 10, output: 5 },
  });

/** Stays until somebody ends it. */
function stay(): void {
  setInterval(() => undefined, 60_000);
  process.stdout.write('ready\n');
}

const endings: Readonly<Record<string, () => unknown>> = {
  natural: () => (process.exitCode = 4),
  exit: () => process.exit(5),
  async flushed() {
    await tracker.flush();
    process.exit(6);
  },
  exception() {
    setTimeout(() => {
      throw new Error('A fault of the host.');
    });
  },
  rejection: () => void Promise.reject(new Error('A fault of the host.')),
  handled() {
    process.once('SIGTERM', () => {
      void tracker.shutdown().then(() => process.exit(0));
    });
    stay();
  },
  stays: stay,
};
await endings[ending]?.();
