import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../engines/ask.ts';
import { seeded } from '../../engines/planned-calls.ts';
import { runTallykit } from '../../engines/run-server.ts';
import { engines } from '../../engines/stores.ts';
import { startHostServer, type HostServer } from '../start-host-server.ts';

const program = fileURLToPath(new URL('./journaling-host.ts', import.meta.url));
const kills = 10;
const customer = 'survivor';

describe.each(engines)(
  'processes that share a spool and are killed, before a server on $engine',
  ({ engine }) => {
    let server: HostServer;
    let folder = '';
    const chance = seeded(engine.length);
    const running = new Set<ChildProcess>();

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tallykit-killed-'));
      server = await startHostServer(engine);
    });
    afterAll(async () => {
      for (const child of running) child.kill('SIGKILL');
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    async function start(): Promise<ChildProcess> {
      const parameters = [
        join(folder, 'spool'),
        server.endpoint,
        server.apiKey,
        customer,
        join(folder, 'journal'),
        '2',
      ];
      const child = spawn(process.execPath, ['--conditions=dev-source', program, ...parameters], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      running.add(child);
      child.once('exit', () => running.delete(child));
      await once(child.stdout, 'data');
      return child;
    }

    const countIn = async (word: string): Promise<number> =>
      (await readFile(join(folder, 'journal'), 'utf8')).split('\n').filter((line) => line === word).length;

    /** Starts this many side by side and kills them, each at a moment of its own, once some calls have ended. */
    async function kill(count: number): Promise<void> {
      const children = await Promise.all(Array.from({ length: count }, start));
      const enough = (await countIn('ended')) + 5 * count;
      await until(
        () => countIn('ended'),
        (ends) => ends >= enough,
      );
      for (const child of children) {
        await wait(chance() * 120);
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        expect(await ended).toEqual([null, 'SIGKILL']);
      }
    }

    test('every call that had ended is counted once, and the sums are those of the events', async () => {
      // They take over from each other, with the server there, away, and coming back.
      await kill(3);
      const restart = await server.kill();
      await kill(3);
      await Promise.all([restart(), kill(2)]);
      const again = await server.kill();
      await Promise.all([again(), kill(kills - 8)]);

      const last = await start();
      const said = once(last.stdout ?? last, 'data') as Promise<[Buffer]>;
      const ended = once(last, 'exit');
      await wait(100);
      last.kill('SIGTERM');
      const stats: unknown = JSON.parse((await said)[0].toString());
      expect(await ended).toEqual([0, null]);
      expect(stats).toMatchObject({ isDelivered: true, queued: 0, lost: {} });
      expect(await readdir(join(folder, 'spool'))).toEqual([]);

      const [ends, starts] = [await countIn('ended'), await countIn('started')];
      const calls = await server.callsOf(customer, ends);
      expect(ends).toBeGreaterThan(kills * 5);
      expect(starts - ends).toBeLessThanOrEqual(kills);
      expect(calls).toBeGreaterThanOrEqual(ends);
      expect(calls).toBeLessThanOrEqual(starts);
      await server.stop();
      const { code, output } = await runTallykit(['check', ...server.where]);
      expect(output).toContain('no drift');
      expect(code).toBe(0);
    });
  },
);
