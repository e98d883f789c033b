// A host program that records a few events and then has nothing left to do. Arguments: endpoint, number of events.
import { createTracker } from '../../create-tracker.ts';

const [endpoint = '', count = '0'] = process.argv.slice(2);
const tracker = createTracker({
  endpoint,
  flushIntervalMs: 60_000,
  flushTimeoutMs: 300,
  onLoss: ({ reason, count: lost }) => console.log(`lost ${lost} ${reason}`),
});
for (let index = 0; index < Number(count); index++) {
  tracker.record({ provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat' });
}
