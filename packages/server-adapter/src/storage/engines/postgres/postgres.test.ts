import { createTestPostgres } from '../../../testing/create-test-postgres.ts';
import { describeStorage } from '../../../testing/describe-storage.ts';
import { postgres } from './index.ts';

describeStorage({
  engine: 'postgres',
  open: async ({ clock }) => {
    const database = await createTestPostgres();
    return { storage: postgres({ url: database.url, clock }), remove: () => database.drop() };
  },
});
