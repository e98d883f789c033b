// A host program that records events with a spool until it is killed. Arguments: folder, endpoint, events. Writes how
// many it has recorded, a number a line.
import { createTracker } from '../../create-tracker.ts';
import { diskSpool } from '../disk-spool.ts';

const [folder = '', endpoint = '', count = '0'] = process.argv.slice(2);
const tracker = createTracker({ endpoint, flushIntervalMs: 20, spool: diskSpool({ folder }) });
for (let index = 0; index < Number(count); index++) {
  tracker.record({
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    tags: { n: String(index) },
  });
  if (index % 100 === 99) {
    process.stdout.write(`${index + 1}\n`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
setInterval(() => undefined, 1000);
