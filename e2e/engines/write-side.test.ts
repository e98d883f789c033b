import { afterAll, beforeAll, describe } from 'vitest';
import { describeBadEvents } from './describe-bad-events.ts';
import { describeBadRequests } from './describe-bad-requests.ts';
import { describeLedger } from './describe-ledger.ts';
import { describePrices } from './describe-prices.ts';
import { openServer, type OpenServer } from './open-server.ts';
import { writtenAt } from './own-figures.ts';
import { engines } from './stores.ts';

// One server for all: it takes longer to start than to answer, and each test has customers of its own.
describe.each(engines)('what is sent to $engine', ({ fresh }) => {
  let server: OpenServer;
  beforeAll(async () => {
    server = await openServer(fresh, { now: writtenAt });
  });
  afterAll(() => server?.close());

  // First, because reports of providers are compared with every call that there is.
  describe('by the vendor and its providers', () => describeLedger(() => server));
  describe('as prices', () => describePrices(() => server));
  describe('as events with something wrong', () => describeBadEvents(() => server));
  describe('as requests with something wrong', () => describeBadRequests(() => server));
});
