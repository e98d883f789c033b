import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTestPostgres } from '../../testing/create-test-postgres.ts';
import { knownBatches, knownBatchSize, knownOrganization, knownRange } from '../../testing/known-events.ts';
import { organizationIn } from '../../testing/storage-suite/suite-context.ts';
import { rollupNodes } from '../contract/lattice.ts';
import type { Storage } from '../contract/storage.ts';
import { embedded } from './embedded/index.ts';
import { postgres } from './postgres/index.ts';

const script = fileURLToPath(new URL('../../testing/append-until-killed.ts', import.meta.url));

function startAppending(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=dev-source', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function errorOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text;
}

/** Waits until `wanted` batches were answered, then kills in the middle of the next ones. Tells which were answered. */
async function killAfter(child: ChildProcess, wanted: number): Promise<number[]> {
  const answered: number[] = [];
  if (child.stdout === null) throw new Error('The child has no output.');
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    answered.push(Number(line));
    if (answered.length === wanted) child.kill('SIGKILL');
  }
  await ended;
  return answered;
}

const engines = [
  {
    engine: 'embedded' as const,
    ground: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tallykit-killed-'));
      return {
        location: folder,
        open: (): Storage => embedded({ folder }),
        remove: () => rm(folder, { recursive: true, force: true }),
      };
    },
  },
  {
    engine: 'postgres' as const,
    ground: async () => {
      const { url, drop } = await createTestPostgres();
      return { location: url, open: (): Storage => postgres({ url }), remove: drop };
    },
  },
];

async function expectEachOnce(storage: Storage, batches: number): Promise<void> {
  const organization = organizationIn(storage, knownOrganization.id);
  await organization.catchUp();
  const measures = ['calls', 'total_tokens', 'pending_calls'] as const;
  const plan = { range: knownRange, measures };
  const calls = batches * knownBatchSize;
  const expected = [{ calls, total_tokens: calls * 120, pending_calls: Math.ceil(calls / 10) }];
  for (const source of ['raw', ...rollupNodes.map(({ id }) => id)] as const) {
    expect(await organization.usage({ ...plan, source }), source).toEqual(expected);
  }
  expect(await organization.store.checkRollups(knownRange)).toEqual([]);
}

// Processes start slowly on a busy machine.
const patience = { timeout: 120_000 };

describe.each(engines)('a process killed while it appends, $engine', patience, ({ engine, ground }) => {
  it('has lost nothing that was answered, and what is sent again counts once', async () => {
    const { location, open, remove } = await ground();
    try {
      const answered = await killAfter(startAppending(engine, location), 30);
      expect(answered.length).toBeGreaterThanOrEqual(30);
      expect(answered.length).toBeLessThan(400);
      const storage = open();
      try {
        await storage.migrate('auto');
        const organization = organizationIn(storage, knownOrganization.id);
        const total = (answered.at(-1) ?? 0) + 10;
        for (let number = 0; number < total; number += 1) {
          const result = await organization.append(...knownBatches(number));
          const outcomes = result.status === 'appended' ? result.outcomes.map(({ outcome }) => outcome) : [];
          // All or nothing: a batch that was answered is wholly there, one that was not is wholly there or not at all.
          expect(new Set(outcomes).size).toBe(1);
          if (answered.includes(number)) expect(outcomes[0]).toBe('duplicate');
        }
        await expectEachOnce(storage, total);
      } finally {
        await storage.close();
      }
    } finally {
      await remove();
    }
  });
});

describe('several processes', patience, () => {
  it('append to one PostgreSQL at once, and shared events count once', async () => {
    const { url, drop } = await createTestPostgres();
    const storage = postgres({ url });
    try {
      await storage.migrate('auto');
      await storage.ensureOrganization(knownOrganization);
      const children = [
        startAppending('postgres', url, '0', '40'),
        startAppending('postgres', url, '20', '60'),
      ];
      expect(await Promise.all(children.map(errorOf))).toEqual(['', '']);
      await expectEachOnce(storage, 60);
      const { sequence } = await organizationIn(storage, knownOrganization.id).store.logHead();
      expect(sequence).toBe(60 * knownBatchSize);
    } finally {
      await storage.close();
      await drop();
    }
  });

  it('cannot share an embedded folder, and are told so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallykit-shared-'));
    const storage = embedded({ folder });
    const again = embedded({ folder });
    try {
      await storage.migrate('auto');
      expect(await errorOf(startAppending('embedded', folder))).toMatch(/^store_in_use .*another folder/);
      // In one process a second store on the folder shares the database: development servers load modules again.
      await again.ensureOrganization(knownOrganization);
      await again.close();
      expect(await storage.organizations()).toHaveLength(1);
      await storage.close();
      expect(await errorOf(startAppending('embedded', folder, '0', '2'))).toBe('');
    } finally {
      await storage.close();
      await again.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
