// A function on a host that freezes it as soon as it has answered and nobody waits for anything. Each message is an
// invocation; how it ends is the first argument: `waitUntil`, `flush` or `nothing`. Arguments after it: endpoint, key, customer.
import { createTracker } from '@tallykit/tracker-sdk';

const [ending, endpoint = '', apiKey = '', customerId = ''] = process.argv.slice(2);
let pending = 0;
let told = (): void => undefined;

function waitUntil(work: Promise<unknown>): void {
  pending++;
  void work.then(() => {
    pending--;
    told();
  });
}

const tracker = createTracker({
  endpoint,
  apiKey,
  flushIntervalMs: 200,
  ...(ending === 'waitUntil' && { waitUntil }),
});

process.on('message', (message) => {
  if (message === 'end') return void process.send?.(tracker.stats(), () => process.disconnect());
  tracker.record({
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    customerId,
    usage: { input: 10, output: 5 },
  });
  const answer = (): void => {
    told = () => void (pending === 0 && process.send?.('answered'));
    told();
  };
  if (ending === 'flush') void tracker.flush().then(answer);
  else answer();
});
process.send?.('ready');
