// Run as a process of its own, so that a test can kill it: appends a known course of events and tells what was answered.
import type { Storage } from '../storage/contract/storage.ts';
import { knownBatches, knownOrganization } from './known-events.ts';

const [engine = '', location = '', first = '0', last = '400'] = process.argv.slice(2);

async function open(): Promise<Storage> {
  if (engine === 'postgres') {
    const { postgres } = await import('../storage/engines/postgres/index.ts');
    return postgres({ url: location });
  }
  const { embedded } = await import('../storage/engines/embedded/index.ts');
  return embedded({ folder: location });
}

try {
  const storage = await open();
  await storage.migrate('auto');
  await storage.ensureOrganization(knownOrganization);
  const store = storage.forOrganization({ organizationId: knownOrganization.id, subject: 'test' });
  for (let number = Number(first); number < Number(last); number += 1) {
    await store.append({ events: knownBatches(number), priceVersion: 1 });
    process.stdout.write(`${number}\n`);
    if (number % 4 === 0) await store.advanceRollups(70);
  }
  await storage.close();
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  process.stderr.write(`${code} ${String(error)}\n`);
  process.exitCode = 3;
}
