import { describeStorage } from '../../../testing/describe-storage.ts';
import { embedded } from './index.ts';

describeStorage({
  engine: 'embedded',
  open: async ({ clock }) => ({ storage: embedded({ clock }), remove: async () => undefined }),
});
