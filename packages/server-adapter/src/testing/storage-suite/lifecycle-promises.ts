import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../primitives/clock.ts';
import { StorageError } from '../../storage/contract/storage-error.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { newOrganization, type StorageSubject } from './suite-context.ts';

const codeOf = (error: unknown): string | null => (StorageError.is(error) ? error.code : null);

/** What starting, naming organizations and closing promise. */
export function describeLifecycle(subject: StorageSubject, storage: () => Storage): void {
  describe('lifecycle', () => {
    it('has nothing to migrate twice and says that it is ready', async () => {
      expect(await storage().migrate('auto')).toEqual([]);
      expect(await storage().migrate('check')).toEqual([]);
      const health = await storage().health();
      expect(health).toMatchObject({ ready: true, engine: subject.engine, detail: null });
      expect(health.schemaVersion).toBe(health.expectedSchemaVersion);
      expect(health.rowLevelSecurity === 'on').toBe(storage().capabilities.rowLevelSecurity);
    });

    it('creates an organization once and takes a new name', async () => {
      const { id } = await newOrganization(storage(), 'Europe/Berlin');
      await storage().ensureOrganization({ id, name: 'New name', timeZone: 'Europe/Berlin' });
      expect(await storage().organization(id)).toEqual({ id, name: 'New name', timeZone: 'Europe/Berlin' });
      expect((await storage().organizations()).filter((organization) => organization.id === id)).toHaveLength(
        1,
      );
      expect(await storage().organization('nobody')).toBeNull();
    });

    it('makes partitions ahead as often as it is asked to', async () => {
      const { store } = await newOrganization(storage());
      const range = [Date.UTC(2030, 0, 1), Date.UTC(2030, 3, 1)] as const;
      await Promise.all([store.ensurePartitions(...range), store.ensurePartitions(...range)]);
      await expect(store.ensurePartitions(...range)).resolves.toBeUndefined();
    });

    it('does nothing after it was closed and says so', async () => {
      const { storage: closing, remove } = await subject.open({ clock: createManualClock(0) });
      try {
        await closing.migrate('auto');
        await closing.ensureOrganization({ id: 'o', name: 'O', timeZone: 'UTC' });
        const { everyone, store } = await newOrganization(closing);
        await closing.close();
        await closing.close();
        const attempts = [
          () => closing.organizations(),
          () => store.logHead(),
          () => store.append({ events: [], priceVersion: 1 }),
          () => store.advanceRollups(1),
          () => closing.forScope(everyone).read({ kind: 'customers', limit: 1 }),
          () => closing.findKeyByHash('x'),
        ];
        for (const attempt of attempts) {
          expect(codeOf(await attempt().catch((error: unknown) => error))).toBe('store_closed');
        }
        expect(await closing.health()).toMatchObject({ ready: false });
      } finally {
        await closing.close();
        await remove();
      }
    });
  });
}
