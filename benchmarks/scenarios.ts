import type { Scenario } from './measurement.ts';
import { eventLoopDelay } from './server/event-loop-delay.ts';
import { ingestToRolledUp } from './server/ingest-to-rolled-up.ts';
import { insightsAtScale } from './server/insights-at-scale.ts';
import { sizeOnDisk } from './server/size-on-disk.ts';
import { addedCpu } from './tracker/added-cpu.ts';
import { bundleAndImport } from './tracker/bundle-and-import.ts';
import { endlessStream } from './tracker/endless-stream.ts';
import { faults } from './tracker/faults.ts';
import { overHttp } from './tracker/over-http.ts';
import { widgetBytes } from './widgets/bundle-bytes.ts';

/** Every benchmark, in the order in which it is run and shown. */
export const scenarios: readonly Scenario[] = [
  addedCpu,
  overHttp,
  faults,
  endlessStream,
  bundleAndImport,
  ingestToRolledUp,
  insightsAtScale,
  eventLoopDelay,
  sizeOnDisk,
  widgetBytes,
];
