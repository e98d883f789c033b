import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { callTime as now, llmCall } from '../pricing/__fixtures__/llm-call.ts';
import { createPriceBooks } from '../pricing/price-books.ts';
import { createManualClock } from '../primitives/clock.ts';
import type { AppendBatch } from '../storage/contract/append.ts';
import { StorageError } from '../storage/contract/storage-error.ts';
import type { OrganizationStore, Storage } from '../storage/contract/storage.ts';
import { referenceStorage } from '../testing/index.ts';
import { overrideRow } from '../pricing/__fixtures__/price-row.ts';
import { createIngestion, type Ingestion, type IngestionSettings } from './create-ingestion.ts';

const source = { organizationId: 'acme', keyId: null, customerId: null };
const usage = { input: 1000, output: 100 };
const body = (...events: readonly unknown[]) => ({
  protocol: 1,
  sentAt: new Date(now).toISOString(),
  events,
});
const calls = (count: number) => Array.from({ length: count }, () => llmCall({ usage }));

let storage: Storage;
let store: OrganizationStore;
let batches: AppendBatch[] = [];

beforeEach(async () => {
  batches = [];
  storage = referenceStorage({ clock: createManualClock(now) });
  await storage.ensureOrganization({ id: 'acme', name: 'Acme', timeZone: 'UTC' });
  store = storage.forOrganization({ organizationId: 'acme', subject: 'test' });
});

/** An ingestion whose store does `before` ahead of each append; its rejection is the append's. */
function ingestionWith(
  before: (batch: AppendBatch) => Promise<void> | void,
  settings: Partial<IngestionSettings> = {},
): Ingestion {
  const over: OrganizationStore = {
    ...store,
    append: async (batch) => {
      batches.push(batch);
      await before(batch);
      return store.append(batch);
    },
  };
  return createIngestion({
    storage: { forOrganization: () => over },
    books: createPriceBooks({ storage }),
    clock: createManualClock(now),
    chargeRule: { basis: 'list', markup: '0' },
    settings,
    onAppended: () => {},
  });
}

const sizes = () => batches.map(({ events }) => events.length);
const head = async () => (await store.logHead()).sequence;

describe('group commit', () => {
  it('writes requests that arrive together in one transaction and answers each by itself', async () => {
    const ingestion = ingestionWith(() => {});
    const bad = { ...llmCall(), extra: 1 };
    const answers = await Promise.all([
      ingestion.ingest(source, body(...calls(2))),
      ingestion.ingest(source, body(bad, ...calls(1))),
      ingestion.ingest(source, body(bad)),
    ]);
    expect(sizes()).toEqual([3]);
    expect(answers.map(({ accepted, problems }) => [accepted, problems.length])).toEqual([
      [2, 0],
      [1, 1],
      [0, 1],
    ]);
  });

  it('gathers what arrives during a write into the next one, never more than a batch holds', async () => {
    const ingestion = ingestionWith(() => sleep(20), { batchEvents: 10 });
    const first = ingestion.ingest(source, body(...calls(10)));
    await sleep(5);
    const later = [4, 4, 4].map((count) => ingestion.ingest(source, body(...calls(count))));
    await Promise.all([first, ...later]);
    expect(sizes()).toEqual([10, 8, 4]);
  });

  it('writes one group of an organization at a time', async () => {
    let running = 0;
    let most = 0;
    const ingestion = ingestionWith(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(2);
        running -= 1;
      },
      { batchEvents: 1 },
    );
    await Promise.all(Array.from({ length: 10 }, () => ingestion.ingest(source, body(...calls(1)))));
    expect([most, batches.length]).toEqual([1, 10]);
  });
});

describe('a store that fails', () => {
  it('leaves nobody with half an answer: every caller of the group gets the error', async () => {
    const down = new StorageError('unavailable', 'The database is down.');
    const ingestion = ingestionWith(() => Promise.reject(down));
    const outcomes = await Promise.allSettled([1, 2].map(() => ingestion.ingest(source, body(...calls(2)))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(batches).toHaveLength(1);
    expect(await head()).toBe(0);
  });

  it('takes events again once it works, each counted once', async () => {
    let failures = 1;
    const ingestion = ingestionWith(() => {
      failures -= 1;
      if (failures >= 0) throw new StorageError('unavailable', 'The database is down.');
    });
    const request = body(...calls(3));
    await expect(ingestion.ingest(source, request)).rejects.toThrow('down');
    expect(await ingestion.ingest(source, request)).toMatchObject({ accepted: 3 });
    expect(await ingestion.ingest(source, request)).toMatchObject({ duplicates: 3 });
  });

  it('counts once what it wrote before it lost the answer', async () => {
    let lost = true;
    const over: OrganizationStore = {
      ...store,
      append: async (batch) => {
        const result = await store.append(batch);
        if (lost) throw new StorageError('unavailable', 'The connection broke.');
        return result;
      },
    };
    const ingestion = createIngestion({
      storage: { forOrganization: () => over },
      books: createPriceBooks({ storage }),
      clock: createManualClock(now),
      chargeRule: { basis: 'list', markup: '0' },
      onAppended: () => {},
    });
    const request = body(...calls(2));
    await expect(ingestion.ingest(source, request)).rejects.toThrow('broke');
    lost = false;
    expect(await ingestion.ingest(source, request)).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it('refuses one request of a group without taking the others with it', async () => {
    const poison = llmCall({ usage, customerId: 'poison' });
    const ingestion = ingestionWith(({ events }) => {
      if (events.some(({ event }) => event.id === poison.id)) throw new TypeError('cannot be written');
    });
    const outcomes = await Promise.allSettled([
      ingestion.ingest(source, body(...calls(2))),
      ingestion.ingest(source, body(poison)),
      ingestion.ingest(source, body(...calls(1))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('prices that change meanwhile', () => {
  it('are taken before anything is written', async () => {
    const { id, knownFrom: _knownFrom, ...row } = overrideRow();
    let changed = false;
    const ingestion = ingestionWith(async () => {
      if (!changed) await store.putPrices([{ id, ...row }], now);
      changed = true;
    });
    await ingestion.ingest(source, body(...calls(1)));
    expect(batches.map(({ events }) => events[0]?.cost?.reason ?? events[0]?.cost?.list)).toEqual([
      'unknown_provider',
      '0.0012',
    ]);
  });

  it('without end are given up, with nothing written', async () => {
    let version = 0;
    const ingestion = ingestionWith(async () => {
      version += 1;
      const { id: _id, knownFrom: _knownFrom, ...row } = overrideRow();
      await store.putPrices([{ ...row, id: `row-${version}` }], now);
    });
    await expect(ingestion.ingest(source, body(...calls(1)))).rejects.toThrow(
      'Prices of organization acme changed',
    );
  });
});

describe('back-pressure', () => {
  it('refuses what is more than may wait, and takes it later', async () => {
    const gate = Promise.withResolvers<void>();
    const ingestion = ingestionWith(() => gate.promise, { waitingEvents: 5, batchEvents: 1 });
    const first = ingestion.ingest(source, body(...calls(4)));
    await sleep(2);
    const second = calls(2);
    await expect(ingestion.ingest(source, body(...second))).rejects.toMatchObject({
      status: 503,
      code: 'ingestion_busy',
      headers: { 'retry-after': '1' },
    });
    gate.resolve();
    await first;
    expect(await ingestion.ingest(source, body(...second))).toMatchObject({ accepted: 2 });
  });

  it('never refuses a request for its own size alone', async () => {
    const ingestion = ingestionWith(() => {}, { waitingEvents: 1 });
    expect(await ingestion.ingest(source, body(...calls(3)))).toMatchObject({ accepted: 3 });
  });
});

it('closing writes what waits and takes nothing more', async () => {
  const ingestion = ingestionWith(() => sleep(5), { batchDelayMs: 60_000 });
  const waiting = ingestion.ingest(source, body(...calls(2)));
  await sleep(1);
  await ingestion.close();
  expect(await waiting).toMatchObject({ accepted: 2 });
  await expect(ingestion.ingest(source, body(...calls(1)))).rejects.toMatchObject({
    code: 'ingestion_closed',
  });
});
