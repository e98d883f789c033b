import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStorage } from '../../../testing/describe-storage.ts';
import { embedded } from './index.ts';

describeStorage({
  engine: 'embedded',
  open: async ({ clock }) => {
    const folder = await mkdtemp(join(tmpdir(), 'tallykit-embedded-'));
    const storage = embedded({ folder, clock });
    return { storage, remove: () => rm(folder, { recursive: true, force: true }) };
  },
});
