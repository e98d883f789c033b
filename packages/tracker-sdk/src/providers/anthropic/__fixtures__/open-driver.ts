import type { TokenUsage } from '@tallykit/protocol';
import type {
  DrivenClient,
  ScriptedAnswer,
  WrapperDriver,
} from '../../../testing/describe-provider-wrapper.ts';
import type { FakeAnthropicReply } from '../../../testing/fake-anthropic/fake-anthropic-reply.ts';
import { startFakeAnthropic } from '../../../testing/fake-anthropic/start-fake-anthropic.ts';
import { wrapAnthropic } from '../wrap-anthropic.ts';
import type { AnthropicConstructor } from './sdk-versions.ts';

type Client = InstanceType<AnthropicConstructor>;

const wireUsage = (usage: TokenUsage | undefined) =>
  usage && {
    input_tokens: usage.input,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: null,
    output_tokens: usage.output,
  };

/** Drives one family of entry points of one version of the SDK against the fake provider. */
export async function openDriver(
  Anthropic: AnthropicConstructor,
  drive: (client: Client) => DrivenClient,
): Promise<WrapperDriver> {
  let failures = 0;
  let scripted: ScriptedAnswer = { pieces: [] };
  const reply = (): FakeAnthropicReply => {
    const { pieces, usage, failure, breaksAfter, chunkDelayMs } = scripted;
    const limited = failures > 0;
    if (limited) failures--;
    return {
      chunks: pieces,
      usage: wireUsage(usage),
      chunkDelayMs,
      failure: limited
        ? { status: 429, type: 'rate_limit_error', headers: { 'retry-after-ms': '1' } }
        : failure
          ? { status: failure }
          : undefined,
      interrupt: breaksAfter === undefined ? undefined : { afterEvents: breaksAfter, then: 'error' },
    };
  };
  const provider = await startFakeAnthropic({ reply });
  return {
    script(next) {
      scripted = next;
      failures = next.failuresFirst ?? 0;
    },
    client: () => new Anthropic({ apiKey: 'test', baseURL: provider.baseURL }),
    wrap: (client, source) => wrapAnthropic(client, source, { provider: 'anthropic' }),
    drive: (client) => drive(client as Client),
    close: () => provider.close(),
    countedFirst: ['input', 'cacheRead'],
  };
}

const request = (content: string) => ({
  model: 'claude-opus-4-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content }],
});

/** The part of both families of entry points that the suite uses. */
type Messages = Pick<Client['messages'], 'create'>;

function driveMessages(messages: Messages): DrivenClient {
  return {
    async call(prompt, signal) {
      const { content } = await messages.create(request(prompt), { signal });
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    },
    stream: (prompt, signal) => messages.create({ ...request(prompt), stream: true }, { signal }),
  };
}

export const driveCreate = (client: Client): DrivenClient => driveMessages(client.messages);

export const driveBeta = (client: Client): DrivenClient =>
  driveMessages(client.beta.messages as unknown as Messages);
