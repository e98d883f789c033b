import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Measurement, Scenario } from '../measurement.ts';
import { listen } from './listen.ts';
import { startLoad } from './load-process.ts';
import { openTallykit } from './open-tallykit.ts';

const events = 60_000;

async function measure(): Promise<readonly Measurement[]> {
  const { tallykit, close } = await openTallykit('embedded', 'inline');
  const server = await listen(tallykit);
  const { secret } = await tallykit.keys.create({ kind: 'ingest', name: 'bench' });
  const warm = await startLoad({ endpoint: server.endpoint, apiKey: secret, events: 5_000, seed: 1 });
  await warm.send();
  await tallykit.tick();
  const load = await startLoad({ endpoint: server.endpoint, apiKey: secret, events, seed: 2 });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const begun = performance.now();
  delay.enable();
  await load.send();
  delay.disable();
  const seconds = (performance.now() - begun) / 1000;
  await tallykit.tick();
  await server.close();
  await close();
  const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
  return [
    {
      what: 'event loop delay of the host under ingest, p99',
      unit: 'ms',
      value: milliseconds(delay.percentile(99)),
      spread: [milliseconds(delay.min), milliseconds(delay.max)],
      target: { kind: 'at most', value: 20 },
      note: `${Math.round(events / seconds).toLocaleString('en')} events a second arrived meanwhile, sums in the background; half is ${milliseconds(delay.percentile(50)).toFixed(1)} ms`,
    },
  ];
}

/** Whether the embedded engine leaves its host alone. */
export const eventLoopDelay: Scenario = {
  id: 'server/event-loop-delay',
  question: 'How long does the embedded engine keep its host waiting while events pour in?',
  run: measure,
};
