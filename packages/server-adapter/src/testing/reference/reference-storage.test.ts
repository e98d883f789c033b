import { describeStorage } from '../describe-storage.ts';
import { referenceStorage } from './reference-storage.ts';

describeStorage({
  engine: 'reference',
  open: async ({ clock }) => ({ storage: referenceStorage({ clock }), remove: async () => undefined }),
});
