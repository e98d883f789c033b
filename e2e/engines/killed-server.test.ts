import { afterAll, describe, expect, test } from 'vitest';
import { createTracker } from '@tallykit/tracker-sdk';
import { clientAs, totalsOf, until } from './ask.ts';
import { runServer, runTallykit, type RunningServer } from './run-server.ts';
import { engines, type FreshStore } from './stores.ts';

const calls = 6_000;
const kills = 3;
const promptTokens = 1_000;
const completionTokens = 100;

/** Exact cost of one of these calls by the published rates of gpt-4o-mini, in millionths of a millionth of a dollar. */
const picoACall = BigInt(promptTokens) * 150_000n + BigInt(completionTokens) * 600_000n;

function dollars(pico: bigint): string {
  const text = pico.toString().padStart(13, '0');
  return `${text.slice(0, -12)}.${text.slice(-12)}`.replace(/0+$/, '').replace(/\.$/, '');
}

describe.each(engines)('a server on $engine that is killed in the middle of ingest', ({ fresh }) => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const step of cleanUp.toReversed()) await step();
  });

  test('has every event exactly once after the tracker has tried again, and sums equal to the events', async () => {
    const store: FreshStore = await fresh();
    cleanUp.push(store.remove);
    let server: RunningServer = await runServer({ store: store.store });
    cleanUp.push(() => server.stop());
    const port = Number(new URL(server.endpoint).port);
    const tracker = createTracker({
      endpoint: server.endpoint,
      apiKey: server.ingestKey ?? '',
      maxBatchEvents: 150,
      flushIntervalMs: 20,
      requestTimeoutMs: 3_000,
      flushTimeoutMs: 60_000,
    });

    const record = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        tracker.record({
          provider: 'openai',
          requestModel: 'gpt-4o-mini',
          operation: 'chat',
          customerId: `cus_${index % 7}`,
          flow: `flow-${index % 3}`,
          usage: { input: promptTokens, output: completionTokens },
        });
        if (index % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 4));
      }
    };

    const share = calls / (kills + 1);
    for (let round = 0; round < kills; round++) {
      const recording = record(share);
      const accepted = tracker.stats().accepted;
      await until(
        async () => tracker.stats().accepted,
        (now) => now > accepted,
        15_000,
      );
      await server.kill();
      await recording;
      server = await runServer({ store: store.store, port });
    }
    await record(share);
    expect(await tracker.flush()).toBe(true);
    const stats = tracker.stats();
    expect(stats).toMatchObject({ recorded: calls, queued: 0, lost: {} });
    expect(stats.accepted + stats.duplicates).toBe(calls);

    const operator = clientAs(server.endpoint, 'operator');
    const totals = await until(
      () => totalsOf(operator),
      (found) => found.calls >= calls,
    );
    expect(totals).toEqual({
      calls,
      tokens: calls * (promptTokens + completionTokens),
      cost: dollars(picoACall * BigInt(calls)),
      pendingCalls: 0,
    });

    await tracker.shutdown();
    await server.stop();
    const where =
      store.store.engine === 'embedded'
        ? ['--data', store.store.folder]
        : ['--database-url', store.store.url];
    const check = await runTallykit(['check', ...where]);
    expect(check).toMatchObject({ code: 0 });
    expect(check.output).toContain('no drift');
  });
});
