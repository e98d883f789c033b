import { afterAll, beforeAll, describe } from 'vitest';
import { createManualClock } from '../primitives/clock.ts';
import type { Storage } from '../storage/contract/storage.ts';
import { describeAppend } from './storage-suite/append-promises.ts';
import { describeBudgets } from './storage-suite/budget-promises.ts';
import { describeCosts } from './storage-suite/cost-promises.ts';
import { describeErasure } from './storage-suite/erasure-promises.ts';
import { describeFacts } from './storage-suite/fact-promises.ts';
import { describeLedger } from './storage-suite/ledger-promises.ts';
import { describeLifecycle } from './storage-suite/lifecycle-promises.ts';
import { describeReservations } from './storage-suite/reservation-promises.ts';
import { describeScopes } from './storage-suite/scope-promises.ts';
import { describeStories } from './storage-suite/story-promises.ts';
import type { StorageSubject } from './storage-suite/suite-context.ts';
import { describeUsage } from './storage-suite/usage-promises.ts';

/**
 * The contract of a storage engine as one suite. Every engine runs all of it; each test has an organization of its own in one
 * store that is opened once.
 *
 * @example
 * describeStorage({ engine: 'reference', open: async () => ({ storage: referenceStorage(), remove: async () => undefined }) });
 */
export function describeStorage(subject: StorageSubject): void {
  describe(`storage contract: ${subject.engine}`, () => {
    let opened: Awaited<ReturnType<StorageSubject['open']>> | undefined;
    const clock = createManualClock(Date.UTC(2027, 0, 15));
    const storage = (): Storage => {
      if (opened === undefined) throw new Error('The store under test was not opened.');
      return opened.storage;
    };
    beforeAll(async () => {
      opened = await subject.open({ clock });
      await opened.storage.migrate('auto');
    });
    afterAll(async () => {
      await opened?.storage.close();
      await opened?.remove();
    });

    describeLifecycle(subject, storage);
    describeAppend(storage);
    describeCosts(storage);
    describeUsage(storage);
    describeScopes(storage);
    describeFacts(storage);
    describeLedger(storage);
    describeErasure(storage);
    describeBudgets(storage);
    describeReservations(storage);
    describeStories(storage, clock);
  });
}
