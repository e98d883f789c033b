import { randomBytes } from 'node:crypto';
import type { OpenServer, Row } from './open-server.ts';

/** Where the clock of the server stands that is written to. */
export const writtenAt = '2027-03-31T10:42:00.000Z';

/** Customers that no other test has, and what was counted of one of them. */
export function ownFigures(server: () => OpenServer): {
  readonly newCustomer: () => string;
  readonly figures: (customerId: string) => Promise<Row>;
} {
  return {
    newCustomer: () => `customer-${randomBytes(6).toString('hex')}`,
    async figures(customerId) {
      await server().caughtUp();
      const measures = ['calls', 'total_tokens', 'cost', 'pending_calls'];
      const [row] = await server().rows({ measures, asCustomer: customerId });
      return row ?? { calls: 0, total_tokens: null, cost: null, pending_calls: 0 };
    },
  };
}
