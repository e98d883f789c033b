// A host program that records a few events and then has nothing left to do. Arguments: endpoint, number of
// events, milliseconds for the flush.
import { createTracker } from '../../create-tracker.ts';

const [endpoint = '', count = '0', flushTimeoutMs] = process.argv.slice(2);
const tracker = createTracker({
  endpoint,
  flushIntervalMs: 60_000,
  flushTimeoutMs: Number(flushTimeoutMs),
  onLoss: ({ reason, count: lost }) => console.log(`lost ${lost} ${reason}`),
});
for (let index = 0; index < Number(count); index++) {
  tracker.record({ provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat' });
}
