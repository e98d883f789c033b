import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCollector, type Collector } from './collector.ts';
import type { FromStage } from './measure-one.ts';
import type { Peer } from './peer.ts';
import type { StageFigures } from './peer-figures.ts';
import type { Stage } from './stages/stage.ts';

/** What a stage found out, why what is missing is missing, and how many lines it wrote to the console. */
export interface StageResult {
  readonly figures: StageFigures;
  readonly failures: readonly string[];
  readonly consoleLines: number;
}

async function obey(collector: Collector, message: FromStage & { kind: 'ask' }): Promise<void> {
  if (message.ask === 'reset') collector.reset(message.lastCall);
  else if (message.ask === 'answer') collector.answerWith(message.status);
  else if (message.ask === 'close') await collector.close();
}

/** Runs one stage of one wrapper in a process of its own, which is ended when its time is over. */
export async function runStage(peer: Peer, stage: Stage, scale: number): Promise<StageResult> {
  const collector = await startCollector(peer);
  const home = mkdtempSync(join(tmpdir(), 'tallykit-peers-'));
  const failures: string[] = [];
  let figures: StageFigures = {};
  let consoleLines = 0;
  try {
    await new Promise<void>((resolve) => {
      const child = spawn(
        process.execPath,
        [
          '--expose-gc',
          fileURLToPath(new URL('measure-one.ts', import.meta.url)),
          peer.id,
          stage.id,
          collector.endpoint,
          String(scale),
        ],
        {
          // Nobody's keys, proxies or settings: a home of its own and what the wrapper asks for.
          env: {
            PATH: process.env['PATH'],
            HOME: home,
            NODE_ENV: 'production',
            DO_NOT_TRACK: '1',
            ...peer.environment?.(collector.endpoint),
          },
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        },
      );
      const timer = setTimeout(() => {
        failures.push(`${stage.id}: not finished after ${stage.timeoutMs / 1000} s`);
        child.kill('SIGKILL');
      }, stage.timeoutMs);
      let words = '';
      for (const output of [child.stdout, child.stderr]) {
        output?.on('data', (part: Buffer) => {
          const text = part.toString();
          consoleLines += text.split('\n').length - 1;
          words = (words + text).slice(-400);
        });
      }
      child.on('message', (message: FromStage) => {
        if (message.kind === 'found') figures = { ...figures, ...message.figures };
        else if (message.kind === 'failed') failures.push(message.reason);
        else {
          void obey(collector, message).then(() => {
            if (child.connected) child.send(collector.seen(), () => undefined);
          });
        }
      });
      child.on('error', (error) => failures.push(`${stage.id}: ${error.message}`));
      child.on('close', (code) => {
        clearTimeout(timer);
        if (code !== 0 && code !== null) {
          failures.push(`${stage.id}: ended with code ${code}: ${words.trim().split('\n').at(-1)}`);
        }
        resolve();
      });
    });
  } finally {
    await collector.close();
    rmSync(home, { recursive: true, force: true });
  }
  return { figures, failures, consoleLines };
}
