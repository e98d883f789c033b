import { afterAll, beforeAll, describe } from 'vitest';
import { describeBadEvents } from './describe-bad-events.ts';
import { describeBadRequests } from './describe-bad-requests.ts';
import { openServer, type OpenServer } from './open-server.ts';
import { badInputAt } from './own-figures.ts';
import { engines } from './stores.ts';

// One server for both: it takes longer to start than to answer.
describe.each(engines)('bad input on $engine', ({ fresh }) => {
  let server: OpenServer;
  beforeAll(async () => {
    server = await openServer(fresh, { now: badInputAt });
  });
  afterAll(() => server?.close());

  describe('in events', () => describeBadEvents(() => server));
  describe('in requests', () => describeBadRequests(() => server));
});
