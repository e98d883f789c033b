import type { IngestProblem, IngestRequest, LossCount } from '@tallykit/protocol';
import { onTestFinished } from 'vitest';
import { createTracker } from '../../create-tracker.ts';
import type { TrackerError } from '../../errors/tracker-error.ts';
import type { TrackerOptions } from '../../tracker-options.ts';
import type { ManualCall, Tracker } from '../../tracker.ts';
import { type CollectorAnswer, startCollector } from './start-collector.ts';

export const call: ManualCall = {
  provider: 'openai',
  requestModel: 'gpt-4o-mini',
  operation: 'chat',
  usage: { input: 9 },
};

/** A tracker and the collector it delivers to; both end with the test. */
export async function setUp(
  answer?: (request: IngestRequest, index: number) => CollectorAnswer,
  options: TrackerOptions = {},
) {
  const collector = await startCollector(answer);
  const losses: LossCount[] = [];
  const errors: TrackerError[] = [];
  const tracker = createTracker({
    endpoint: collector.endpoint,
    apiKey: 'tk_test',
    flushAtExit: false,
    onLoss: (loss) => losses.push(loss),
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(async () => {
    await tracker.shutdown();
    await collector.close();
  });
  return { collector, tracker, losses, errors };
}

export function record(tracker: Tracker, count: number): void {
  for (let index = 0; index < count; index++) tracker.record(call);
}

/** Requests that carried events; those that only report losses apart. */
export const offersOf = ({ seen }: Awaited<ReturnType<typeof startCollector>>): number =>
  seen.filter(({ request }) => request.events.length > 0).length;

export const problem = (index: number, rest: Partial<IngestProblem>): IngestProblem => ({
  index,
  id: null,
  outcome: 'rejected',
  code: 'invalid_event',
  pointer: '',
  detail: '',
  ...rest,
});

