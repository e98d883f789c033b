import * as newest from '@aws-sdk/client-bedrock-runtime';
import type { BedrockRuntime } from '@aws-sdk/client-bedrock-runtime';
import type { TokenUsage } from '@tallykit/protocol';
import type { DrivenClient, ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import { wrapBedrock } from '../wrap-bedrock.ts';
import { claudeReply, claudeStreamReply, converseReply, converseStreamReply } from './bedrock-wire.ts';
import type { BedrockSdk, BedrockVersion } from './sdk-versions.ts';
import { type FakeBedrockReply, startFakeBedrock } from './start-fake-bedrock.ts';

const router = 'arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/amazon.nova:1';
const claude = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

/** A client of the real SDK that talks to this endpoint. */
export const newClient = (endpoint: string, sdk: BedrockSdk = newest): BedrockRuntime =>
  new sdk.BedrockRuntime({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

interface Scripted {
  readonly pieces: readonly string[];
  readonly usage: TokenUsage | undefined;
}

const converseUsage = (usage: TokenUsage | undefined) =>
  usage && {
    inputTokens: usage.input,
    outputTokens: usage.output,
    totalTokens: (usage.input ?? 0) + (usage.cacheRead ?? 0) + (usage.output ?? 0),
    cacheReadInputTokens: usage.cacheRead,
  };
const claudeUsage = (usage: TokenUsage | undefined) =>
  usage && {
    input_tokens: usage.input,
    output_tokens: usage.output,
    cache_read_input_tokens: usage.cacheRead,
  };

const replies: Readonly<Record<string, (said: Scripted) => FakeBedrockReply>> = {
  converse: ({ pieces, usage }) => converseReply({ pieces, usage: converseUsage(usage) }),
  'converse-stream': ({ pieces, usage }) => converseStreamReply({ pieces, usage: converseUsage(usage) }),
  invoke: ({ pieces, usage }) => claudeReply({ pieces, usage: claudeUsage(usage) }),
  'invoke-with-response-stream': ({ pieces, usage }) =>
    claudeStreamReply({ pieces, usage: claudeUsage(usage) }),
};

/** Drives one family of commands of the real SDK against the fake provider. */
export async function openDriver(
  { sdk, protocol }: BedrockVersion,
  drive: (client: BedrockRuntime, sdk: BedrockSdk) => DrivenClient,
  countedFirst?: readonly (keyof TokenUsage)[],
): Promise<WrapperDriver> {
  let failures = 0;
  let scripted: ScriptedAnswer = { pieces: [] };
  const clients: BedrockRuntime[] = [];
  const provider = await startFakeBedrock(({ operation }) => {
    const { pieces, usage, failure, breaksAfter, chunkDelayMs } = scripted;
    if (failures-- > 0) return { failure: { status: 429, type: 'ThrottlingException' } };
    if (failure) return { failure: { status: failure, type: 'ValidationException' } };
    const interrupt =
      breaksAfter === undefined ? undefined : { afterEvents: breaksAfter, then: 'modelStreamErrorException' };
    return { ...replies[operation]?.({ pieces, usage }), chunkDelayMs, interrupt };
  }, protocol);
  return {
    countedFirst,
    script(next) {
      scripted = next;
      failures = next.failuresFirst ?? 0;
    },
    client() {
      const client = newClient(provider.endpoint, sdk);
      clients.push(client);
      return client;
    },
    wrap: (client, source) => wrapBedrock(client, source),
    drive: (client) => drive(client as BedrockRuntime, sdk),
    async close() {
      for (const client of clients) client.destroy();
      await provider.close();
    },
  };
}

async function iterable(stream: AsyncIterable<unknown> | undefined): Promise<AsyncIterable<unknown>> {
  if (!stream) throw new Error('no stream');
  return stream;
}

export function driveConverse(client: BedrockRuntime, sdk: BedrockSdk): DrivenClient {
  const input = (text: string) => ({
    modelId: router,
    messages: [{ role: 'user' as const, content: [{ text }] }],
  });
  return {
    async call(prompt, abortSignal) {
      const { output } = await client.send(new sdk.ConverseCommand(input(prompt)), { abortSignal });
      return output?.message?.content?.[0]?.text ?? '';
    },
    async stream(prompt, abortSignal) {
      return iterable((await client.send(new sdk.ConverseStreamCommand(input(prompt)), { abortSignal })).stream);
    },
  };
}

export function driveInvoke(client: BedrockRuntime, sdk: BedrockSdk): DrivenClient {
  const input = (content: string) => ({
    modelId: claude,
    body: JSON.stringify({ max_tokens: 100, messages: [{ role: 'user', content }] }),
  });
  return {
    async call(prompt, abortSignal) {
      const { body } = await client.send(new sdk.InvokeModelCommand(input(prompt)), { abortSignal });
      const { content }: { content: { text: string }[] } = JSON.parse(body.transformToString());
      return content[0]?.text ?? '';
    },
    async stream(prompt, abortSignal) {
      const command = new sdk.InvokeModelWithResponseStreamCommand(input(prompt));
      return iterable((await client.send(command, { abortSignal })).body);
    },
  };
}
