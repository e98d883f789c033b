import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CallAnswer } from '@tallykit/protocol';
import type { TallykitClient } from '@tallykit/client';
import { startFakeOpenAI, type FakeOpenAI } from '@tallykit/tracker-sdk/testing';
import { clientAs, totalsOf, until, type Totals } from '../engines/ask.ts';
import { runServer, type RunningServer } from '../engines/run-server.ts';
import { engines } from '../engines/stores.ts';

/** What the provider is asked and answers with; none of it may be found anywhere else. */
export const canaries = { prompt: 'canary-prompt-2741', answer: 'canary-answer-8810' };

/** How a host exports its spans, and whom it asks. */
export interface HostSettings {
  readonly endpoint: string;
  readonly key: string;
  readonly baseURL: string;
  readonly form: 'protobuf' | 'json';
  readonly gzip: boolean;
  readonly prompt: string;
}

/** A server and a provider, and hosts between them. */
export interface OtelRoad {
  readonly server: RunningServer;
  /** The folder of the server's store. */
  readonly folder: string;
  readonly provider: FakeOpenAI;
  readonly operator: TallykitClient;
  /** Runs a host of `hosts/` to its end and answers with the ids of its traces. */
  readonly run: (host: string, settings?: Partial<HostSettings>) => Promise<readonly string[]>;
  /** The totals as soon as there are this many calls. */
  readonly totals: (calls: number) => Promise<Totals>;
  /** The calls of a trace, in the order of their start. */
  readonly callsOf: (traceId: string | undefined) => Promise<readonly CallAnswer['call'][]>;
  readonly close: () => Promise<void>;
}

/** 900 tokens read without a cache, 300 with one, 100 written and 20 thought; eight for an embedding. */
export function answerOf(index: number, operation: string) {
  const usage =
    operation === 'embeddings'
      ? { input: 8, output: 0 }
      : { input: 1200, cached: 300, output: 120, reasoning: 20 };
  return { id: `answer-${index}`, text: canaries.answer, usage };
}

/** Runs a host in a process of its own: instrumentations patch what a process loads. */
async function runHost(host: string, settings: HostSettings): Promise<readonly string[]> {
  const file = fileURLToPath(new URL(`hosts/${host}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=dev-source', file], {
    env: { ...process.env, NODE_OPTIONS: '', OTEL_ROAD: JSON.stringify(settings) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The host ${host} ended with code ${code}:\n${errors}`);
  return JSON.parse(output) as readonly string[];
}

/** Opens a road on which hosts export their spans to a real server. */
export async function openRoad(): Promise<OtelRoad> {
  const fresh = await engines[0]?.fresh();
  if (fresh?.store.engine !== 'embedded') throw new Error('The first engine is not the embedded one.');
  const server = await runServer({ store: fresh.store });
  const provider = await startFakeOpenAI({ reply: ({ index, operation }) => answerOf(index, operation) });
  const operator = clientAs(server.endpoint, 'operator');
  const standing: HostSettings = {
    endpoint: server.endpoint,
    key: server.ingestKey ?? '',
    baseURL: provider.baseURL,
    form: 'protobuf',
    gzip: false,
    prompt: canaries.prompt,
  };
  return {
    server,
    folder: fresh.store.folder,
    provider,
    operator,
    run: (host, settings) => runHost(host, { ...standing, ...settings }),
    totals: (calls) =>
      until(
        () => totalsOf(operator),
        (totals) => totals.calls >= calls,
      ),
    async callsOf(traceId = '') {
      const found = await operator.traces.get(traceId);
      const ids = found.spans.filter(({ kind }) => kind === 'llm_call').map(({ id }) => id);
      const answers = await Promise.all(ids.map((id) => operator.calls.get(id)));
      return answers.map(({ call }) => call);
    },
    async close() {
      await provider.close();
      await server.stop();
      await fresh.remove();
    },
  };
}
