import { afterAll, beforeAll, describe } from 'vitest';
import { describeEvents } from './describe-events.ts';
import { describeUsageRules, usageAskedAt } from './describe-usage-rules.ts';
import { describeUsageSums } from './describe-usage-sums.ts';
import { openServer, type OpenServer } from './open-server.ts';
import { engines } from './stores.ts';

// One server for all: it takes longer to start than to answer, and the sums are asked before other calls come.
describe.each(engines)('usage on $engine', ({ fresh }) => {
  let server: OpenServer;
  beforeAll(async () => {
    server = await openServer(fresh, { now: usageAskedAt, flags: ['--time-zone', 'Europe/Berlin'] });
  });
  afterAll(() => server?.close());

  describe('of many calls', () => describeUsageSums(() => server));
  describe('by its rules', () => describeUsageRules(() => server));
  describe('around the calls', () => describeEvents(() => server));
});
