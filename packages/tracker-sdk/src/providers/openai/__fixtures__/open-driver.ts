import type { TokenUsage } from '@tallykit/protocol';
import type { DrivenClient, ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import type { FakeReply, FakeUsage } from '../../../testing/fake-openai/fake-reply.ts';
import { startFakeOpenAI } from '../../../testing/fake-openai/start-fake-openai.ts';
import { wrapOpenAI } from '../wrap-openai.ts';
import type { OpenAIConstructor } from './sdk-versions.ts';

type Client = InstanceType<OpenAIConstructor>;

/** OpenAI counts what was cached as part of the input. */
function inclusive(usage: TokenUsage | undefined): FakeUsage | undefined {
  return (
    usage && {
      input: (usage.input ?? 0) + (usage.cacheRead ?? 0),
      output: usage.output ?? 0,
      cached: usage.cacheRead,
    }
  );
}

/** Drives one family of entry points of one version of the SDK against the fake provider. */
export async function openDriver(OpenAI: OpenAIConstructor, drive: (client: Client) => DrivenClient) {
  let failures = 0;
  let scripted: ScriptedAnswer = { pieces: [] };
  const reply = (): FakeReply => {
    const { pieces, usage, failure, breaksAfter, chunkDelayMs } = scripted;
    const limited = failures > 0;
    if (limited) failures--;
    return {
      chunks: pieces,
      usage: inclusive(usage),
      chunkDelayMs,
      failure: limited
        ? { status: 429, headers: { 'retry-after-ms': '1' } }
        : failure
          ? { status: failure }
          : undefined,
      interrupt: breaksAfter === undefined ? undefined : { afterEvents: breaksAfter, then: 'error' },
    };
  };
  const provider = await startFakeOpenAI({ reply, now: () => 1_800_000_000_000 });
  const driver: WrapperDriver = {
    script(next) {
      scripted = next;
      failures = next.failuresFirst ?? 0;
    },
    client: () => new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }),
    wrap: (client, source) => wrapOpenAI(client, source, { provider: 'openai', requestUsage: true }),
    drive: (client) => drive(client as Client),
    close: () => provider.close(),
  };
  return driver;
}

const messages = (content: string) => [{ role: 'user' as const, content }];

export function driveChat(client: Client): DrivenClient {
  return {
    async call(prompt, signal) {
      const body = { model: 'gpt-4o-mini', messages: messages(prompt) };
      const completion = await client.chat.completions.create(body, { signal });
      return completion.choices[0]?.message.content ?? '';
    },
    stream: (prompt, signal) =>
      client.chat.completions.create(
        { model: 'gpt-4o-mini', messages: messages(prompt), stream: true },
        { signal },
      ),
  };
}

export function driveResponses(client: Client): DrivenClient {
  return {
    async call(prompt, signal) {
      return (await client.responses.create({ model: 'gpt-4o-mini', input: prompt }, { signal })).output_text;
    },
    stream: (prompt, signal) =>
      client.responses.create({ model: 'gpt-4o-mini', input: prompt, stream: true }, { signal }),
  };
}
