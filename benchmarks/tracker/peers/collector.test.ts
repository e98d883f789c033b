import { afterEach, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { startCollector, type Collector } from './collector.ts';
import { markOf } from './provider-in-memory.ts';
import { paid } from './wrappers/paid.ts';
import { tallykit } from './wrappers/tallykit.ts';

let collector: Collector | undefined;
afterEach(async () => {
  await collector?.close();
});

async function send(
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<number> {
  const response = await fetch(`${collector?.endpoint}/v1/events`, { method: 'POST', body, headers });
  await response.text();
  return response.status;
}

test('a call that arrives twice counts once, whatever it is packed in', async () => {
  collector = await startCollector(tallykit);
  const body = JSON.stringify({ events: [{ responseId: markOf(1) }, { responseId: markOf(2) }] });
  await send(body);
  await send(gzipSync(body), { 'content-encoding': 'gzip' });
  expect(collector.seen()).toMatchObject({ requests: 2, calls: 2, compressed: true, content: false });
});

test('a call of the warm-up that arrives late is not counted', async () => {
  collector = await startCollector(tallykit);
  collector.reset(5);
  await send(JSON.stringify({ events: [{ responseId: markOf(5) }, { responseId: markOf(6) }] }));
  expect(collector.seen().calls).toBe(1);
});

test('what is refused is not counted', async () => {
  collector = await startCollector(tallykit);
  collector.answerWith(503);
  expect(await send(JSON.stringify({ events: [{ responseId: markOf(1) }] }))).toBe(503);
  expect(collector.seen()).toMatchObject({ requests: 0, calls: 0, bytes: 0 });
});

test('a wrapper whose spans carry no mark is counted by the spans of its calls', async () => {
  collector = await startCollector(paid);
  const span = (id: string, name: string): object => ({
    spanId: id.repeat(16),
    parentSpanId: 'f'.repeat(16),
    name,
  });
  const spans = [
    span('a', 'paid.trace.parent_span'),
    span('b', 'paid.trace.trace.openai.chat'),
    span('c', 'paid.trace.trace.openai.chat'),
  ];
  await send(JSON.stringify({ spans }));
  expect(collector.seen().calls).toBe(2);
});
