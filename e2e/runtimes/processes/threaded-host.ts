// One of several threads or processes of a host, each with a tracker of its own. Told: how it ends, `shutdown` or `stays`,
// and what it sends to. It says so when its calls have ended.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createTracker } from '@tallykit/tracker-sdk';
import { diskSpool } from '@tallykit/tracker-sdk/spool';

export interface ThreadSettings {
  readonly ending: 'shutdown' | 'stays';
  readonly endpoint: string;
  readonly apiKey: string;
  readonly customerId: string;
  readonly folder?: string;
}

const { ending, endpoint, apiKey, customerId, folder } = (
  isMainThread ? JSON.parse(process.argv[2] ?? '{}') : workerData
) as ThreadSettings;
const tracker = createTracker({
  endpoint,
  apiKey,
  flushIntervalMs: ending === 'stays' ? 600_000 : 20,
  ...(folder && { spool: diskSpool({ folder }) }),
});
for (let index = 0; index < 25; index++)
  tracker.record({
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    customerId,
    usage: { input: 10, output: 5 },
  });
if (ending === 'shutdown') {
  await tracker.shutdown();
  parentPort?.close();
} else {
  setInterval(() => undefined, 60_000);
  parentPort?.postMessage('recorded');
}
