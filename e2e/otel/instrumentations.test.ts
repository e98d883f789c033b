import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, canaries, openRoad, type OtelRoad } from './open-road.ts';

// Public instrumentations around real SDKs, exported by OpenTelemetry's own exporters to a real server. Each host is a
// process of its own under `hosts/`.
let road: OtelRoad;
let calls = 0;

beforeAll(async () => {
  road = await openRoad();
  road.provider.setReply(({ index, operation, body }) =>
    body['model'] === 'refused'
      ? { failure: { status: 401, message: canaries.answer } }
      : answerOf(index, operation),
  );
});
afterAll(() => road?.close());

const chat = { provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat', status: 'ok' };
/** What instrumentations tell that know nothing of caches, and what the others tell. */
const plain = { input: 1200, output: 120 };
const exact = { input: 900, cacheRead: 300, output: 100, reasoning: 20 };

describe.each([
  ['protobuf', false],
  ['json', true],
] as const)('exported as %s, gzip %s', (form, gzip) => {
  const run = (host: string) => road.run(host, { form, gzip });

  test("OpenTelemetry's own for OpenAI: calls and streams, by response and status", async () => {
    const [answered, refused] = await run('opentelemetry-openai');
    calls += 3;
    expect((await road.totals(calls)).calls).toBe(calls);
    expect(await road.callsOf(answered)).toMatchObject([
      { ...chat, usage: plain, responseId: expect.stringMatching(/^answer-/) as unknown },
      { ...chat, usage: plain, responseId: expect.stringMatching(/^answer-/) as unknown },
    ]);
    expect(await road.callsOf(refused)).toMatchObject([
      { requestModel: 'refused', status: 'error', errorClass: 'http_401', usage: null },
    ]);
  });

  test('OpenInference: cached and thought tokens apart; streams wait for the tokens that it does not read', async () => {
    const [answered] = await run('openinference-openai');
    calls += 3;
    expect((await road.totals(calls)).calls).toBe(calls);
    const told = await road.callsOf(answered);
    expect(told.map(({ usage }) => usage)).toEqual([exact, null, exact]);
    for (const call of told) expect(call).toMatchObject(chat);
  });

  test('OpenLLMetry: calls and responses; streams wait for the tokens that it does not read', async () => {
    const [answered, streamed] = await run('openllmetry-openai');
    calls += 3;
    expect((await road.totals(calls)).calls).toBe(calls);
    expect(await road.callsOf(answered)).toMatchObject([
      { ...chat, usage: plain },
      { ...chat, usage: plain },
    ]);
    expect(await road.callsOf(streamed)).toMatchObject([{ ...chat, usage: null }]);
  });

  test('Vercel AI SDK: one call for each request, whatever stands over it, by both of its namings', async () => {
    const [current, older] = await run('vercel-ai');
    calls += 8;
    expect((await road.totals(calls)).calls).toBe(calls);
    const embedding = {
      operation: 'embeddings',
      requestModel: 'text-embedding-3-small',
      usage: { input: 8 },
    };
    // By OpenTelemetry's names it tells of caches, and of thoughts only as a part of the output.
    const told = { ...chat, usage: { input: 900, cacheRead: 300, output: 120 } };
    expect(await road.callsOf(current)).toMatchObject([told, told, told, embedding]);
    const full = { ...chat, usage: exact };
    expect(await road.callsOf(older)).toMatchObject([full, full, full, embedding]);
  });
});

test('costs what the tokens cost, and waits only where no tokens were told', async () => {
  // A million each: 1200 x 0.15 + 120 x 0.60 four times, 900 x 0.15 + 300 x 0.075 + 120 x 0.60 eight times, 8 x 0.02 twice; all
  // of it twice. Without tokens are two streams of OpenLLMetry and two of OpenInference; a refused call costs nothing.
  expect(await road.totals(calls)).toEqual({
    calls: 34,
    tokens: 31_712,
    cost: '0.00568864',
    pendingCalls: 4,
  });
});

test('nothing that was said is in the store, in no file of it', async () => {
  await road.server.stop();
  const files = await readdir(road.folder, { recursive: true, withFileTypes: true });
  let searched = 0;
  let found = 0;
  for (const file of files.filter((entry) => entry.isFile())) {
    const bytes = await readFile(join(file.parentPath, file.name));
    searched += 1;
    for (const canary of Object.values(canaries)) expect(bytes.includes(canary), file.name).toBe(false);
    if (bytes.includes('gpt-4o-mini')) found += 1;
  }
  expect(searched).toBeGreaterThan(100);
  // The search would have seen it: what is stored can be read in the files.
  expect(found).toBeGreaterThan(0);
});
