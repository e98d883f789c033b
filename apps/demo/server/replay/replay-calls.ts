import { setTimeout as sleep } from 'node:timers/promises';
import OpenAI from 'openai';
import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { planHeader, type PlannedReply } from '../assistant/reply-as-planned.ts';
import { customers } from '../helpdesk/customers.ts';
import type { TraceRow } from './read-trace.ts';

const callsAtOnce = 48;

/** Makes one real call a row with the `openai` package through the tracker, at the trace's pace or as fast as it goes. */
export async function replayCalls(options: {
  readonly rows: readonly TraceRow[];
  readonly tracker: Tracker;
  readonly baseURL: string;
  readonly model: string;
  readonly speed: number | 'max';
  /** Sets this replay apart from all else in the store. */
  readonly environment: string;
  readonly now: () => number;
  readonly onProgress: (done: number) => void;
}): Promise<void> {
  const { rows, tracker, speed } = options;
  const client = wrapOpenAI(
    new OpenAI({ apiKey: 'demo', baseURL: options.baseURL, maxRetries: 3 }),
    tracker,
    { provider: 'openai' },
  );
  const begun = options.now();
  let next = 0;
  let done = 0;

  async function callNext(): Promise<void> {
    for (let index = next++; index < rows.length; index = next++) {
      const row = rows[index];
      if (!row) return;
      if (speed !== 'max') await sleep(Math.max(0, begun + row.offsetMs / speed - options.now()));
      const plan: PlannedReply = {
        id: `${options.environment}-${index}`,
        input: row.contextTokens,
        output: row.generatedTokens,
        text: 'Done.',
      };
      const customer = customers[index % customers.length];
      const attribution = {
        customerId: customer?.id,
        productId: 'support-agent',
        flow: 'trace-replay',
        environment: options.environment,
      };
      await tracker.run(attribution, () =>
        client.chat.completions.create(
          { model: options.model, messages: [{ role: 'user', content: 'Replayed.' }] },
          { headers: { [planHeader]: JSON.stringify(plan) } },
        ),
      );
      options.onProgress(++done);
    }
  }

  await Promise.all(Array.from({ length: callsAtOnce }, callNext));
}
