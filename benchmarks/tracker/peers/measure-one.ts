// One stage of one wrapper, in a process of its own: instrumentations patch for good, and heaps remember.
import type { Seen } from './collector.ts';
import { loadPackage } from './load-package.ts';
import { refusedHosts, stayOnLoopback } from './loopback-only.ts';
import type { ChatClientClass } from './peer.ts';
import type { StageFigures } from './peer-figures.ts';
import { peers } from './peers.ts';
import { answerInMemory } from './provider-in-memory.ts';
import { chunksAStream, cost } from './stages/cost.ts';
import { outage } from './stages/outage.ts';
import { refused } from './stages/refused.ts';
import { callsMade } from './stages/stage.ts';

/** What this process tells the one that started it. */
export type FromStage =
  | { readonly kind: 'found'; readonly figures: StageFigures }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'ask'; readonly ask: 'seen' | 'close' }
  | { readonly kind: 'ask'; readonly ask: 'reset'; readonly lastCall: number }
  | { readonly kind: 'ask'; readonly ask: 'answer'; readonly status: number };

const [peerId, stageId, endpoint = '', scale = '1'] = process.argv.slice(2);
const described = peers.find(({ id }) => id === peerId);
const stage = [cost, outage, refused].find(({ id }) => id === stageId);
if (!described || !stage) throw new Error(`There is no wrapper ${peerId} or no stage ${stageId}.`);

stayOnLoopback();

const tell = (message: FromStage): Promise<void> =>
  new Promise((resolve) => void process.send?.(message, undefined, undefined, () => resolve()));

const waiting: ((seen: Seen) => void)[] = [];
process.on('message', (seen: Seen) => waiting.shift()?.(seen));

async function ask(message: FromStage): Promise<Seen> {
  const answer = new Promise<Seen>((resolve) => waiting.push(resolve));
  await tell(message);
  return answer;
}

const failed = (reason: string): void => void tell({ kind: 'failed', reason: `${stage.id}: ${reason}` });

try {
  const { OpenAI } = await loadPackage<{ OpenAI: ChatClientClass }>('openai');
  const fetch = answerInMemory(chunksAStream);
  const bare = new OpenAI({ apiKey: 'bench', fetch });
  const peer = await described.open({ endpoint, fetch, OpenAI });
  await stage.run({
    peer,
    bare,
    scale: Number(scale),
    collector: {
      seen: () => ask({ kind: 'ask', ask: 'seen' }),
      reset: async () => void (await ask({ kind: 'ask', ask: 'reset', lastCall: callsMade() })),
      answerWith: async (status) => void (await ask({ kind: 'ask', ask: 'answer', status })),
      close: async () => void (await ask({ kind: 'ask', ask: 'close' })),
    },
    found: (figures) => void tell({ kind: 'found', figures }),
    failed,
  });
} catch (error) {
  failed(error instanceof Error ? error.message : String(error));
}
if (refusedHosts.size > 0) failed(`wanted to reach ${[...refusedHosts].join(', ')}`);
// Told in order, so this comes after all that was said before it.
await tell({ kind: 'found', figures: {} });
process.exit(0);
