import Anthropic from '@anthropic-ai/sdk';
import type { TokenUsage } from '@tallykit/protocol';
import OpenAI from 'openai';
import type { DrivenClient, ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import { startFakeAnthropic } from '../../../testing/fake-anthropic/start-fake-anthropic.ts';
import { startFakeOpenAI } from '../../../testing/fake-openai/start-fake-openai.ts';
import { type Fetch, trackedFetch } from '../tracked-fetch.ts';

/** The part of an answer that both fake providers take alike. */
function replyOf({ pieces, failure, breaksAfter, chunkDelayMs }: ScriptedAnswer) {
  return {
    chunks: pieces,
    chunkDelayMs,
    failure: failure ? { status: failure } : undefined,
    interrupt: breaksAfter === undefined ? undefined : { afterEvents: breaksAfter, then: 'error' as const },
  };
}

const readOf = ({ input = 0, cacheRead = 0 }: TokenUsage): number => input + cacheRead;

/** A fetch function that sends what is meant for a provider's own address to a fake one. */
export function reaching(address: string, baseURL: string): Fetch {
  const { origin } = new URL(baseURL);
  return (input, init) => fetch(String(input).replace(address, origin), init);
}

/** Drives a tracked fetch function by an SDK that it was given to, and that is not wrapped. */
export async function openDriver(
  kind: 'chat' | 'responses' | 'messages',
): Promise<WrapperDriver> {
  let scripted: ScriptedAnswer = { pieces: [] };
  const { provider, address } =
    kind === 'messages'
      ? {
          address: 'https://api.anthropic.com',
          provider: await startFakeAnthropic({
            reply: () => ({
              ...replyOf(scripted),
              usage: scripted.usage && {
                input_tokens: scripted.usage.input,
                cache_read_input_tokens: scripted.usage.cacheRead,
                output_tokens: scripted.usage.output,
              },
            }),
          }),
        }
      : {
          address: 'https://api.openai.com',
          provider: await startFakeOpenAI({
            reply: () => ({
              ...replyOf(scripted),
              usage: scripted.usage && {
                input: readOf(scripted.usage),
                output: scripted.usage.output ?? 0,
                cached: scripted.usage.cacheRead,
              },
            }),
            now: () => 1_800_000_000_000,
          }),
        };
  return {
    script: (next) => (scripted = next),
    client: () => reaching(address, provider.baseURL),
    wrap: <Client extends object>(client: Client, source: Parameters<WrapperDriver['wrap']>[1]) =>
      trackedFetch(source, { fetch: client as Fetch }) as unknown as Client,
    drive: (client) => drivers[kind](client as Fetch),
    close: () => provider.close(),
    ...(kind === 'messages' ? { countedFirst: ['input', 'cacheRead'] as const } : {}),
  };
}

const drivers: Readonly<Record<'chat' | 'responses' | 'messages', (fetch: Fetch) => DrivenClient>> = {
  chat(fetch) {
    const { chat } = new OpenAI({ apiKey: 'test', baseURL: 'https://api.openai.com/v1', fetch });
    const body = (content: string) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content }] });
    return {
      async call(prompt, signal) {
        return (await chat.completions.create(body(prompt), { signal })).choices[0]?.message.content ?? '';
      },
      stream: (prompt, signal) =>
        chat.completions.create(
          { ...body(prompt), stream: true, stream_options: { include_usage: true } },
          { signal },
        ),
    };
  },
  responses(fetch) {
    const { responses } = new OpenAI({ apiKey: 'test', baseURL: 'https://api.openai.com/v1', fetch });
    return {
      async call(input, signal) {
        return (await responses.create({ model: 'gpt-4o-mini', input }, { signal })).output_text;
      },
      stream: (input, signal) => responses.create({ model: 'gpt-4o-mini', input, stream: true }, { signal }),
    };
  },
  messages(fetch) {
    const { messages } = new Anthropic({ apiKey: 'test', baseURL: 'https://api.anthropic.com', fetch });
    const body = (content: string) => ({
      model: 'claude-opus-4-5',
      max_tokens: 64,
      messages: [{ role: 'user' as const, content }],
    });
    return {
      async call(prompt, signal) {
        const { content } = await messages.create(body(prompt), { signal });
        return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
      },
      stream: (prompt, signal) => messages.create({ ...body(prompt), stream: true }, { signal }),
    };
  },
};
