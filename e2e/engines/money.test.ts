import { afterAll, beforeAll, describe } from 'vitest';
import { describeLedger } from './describe-ledger.ts';
import { describePrices } from './describe-prices.ts';
import { openServer, type OpenServer } from './open-server.ts';
import { engines } from './stores.ts';

// One server for both: it takes longer to start than to answer.
describe.each(engines)('money on $engine', ({ fresh }) => {
  let server: OpenServer;
  beforeAll(async () => {
    server = await openServer(fresh, { now: '2027-03-31T10:42:00.000Z' });
  });
  afterAll(() => server?.close());

  // First, because reports are compared with every call there is.
  describe('of the vendor and its providers', () => describeLedger(() => server));
  describe('of calls', () => describePrices(() => server));
});
