import type { TokenUsage } from '@tallykit/protocol';
import type { CohereClient, CohereClientV2 } from 'cohere-ai';
import type { DrivenClient, ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import { wrapCohere } from '../wrap-cohere.ts';
import { chatReply, chatReplyV1 } from './cohere-wire.ts';
import type { CohereSdk } from './sdk-versions.ts';
import { startFakeCohere } from './start-fake-cohere.ts';

const model = 'command-a-03-2025';

/** Cohere bills what was cached as part of the input, and reads more than it bills. */
const wireUsage = (usage: TokenUsage | undefined) =>
  usage && {
    billed_units: { input_tokens: (usage.input ?? 0) + (usage.cacheRead ?? 0), output_tokens: usage.output },
    tokens: { input_tokens: 90, output_tokens: 12 },
    cached_tokens: usage.cacheRead,
  };

/** One way to hold the SDK. */
export interface CohereFamily {
  readonly client: (sdk: CohereSdk, baseUrl: string) => object;
  readonly drive: (client: object) => DrivenClient;
}

function driveV2({ chat, chatStream }: Pick<CohereClientV2, 'chat' | 'chatStream'>): DrivenClient {
  const body = (content: string) => ({ model, messages: [{ role: 'user' as const, content }] });
  return {
    async call(prompt, abortSignal) {
      const [part] = (await chat(body(prompt), { abortSignal })).message.content ?? [];
      return part?.type === 'text' ? part.text : '';
    },
    stream: async (prompt, abortSignal) => chatStream(body(prompt), { abortSignal }),
  };
}

/** The three ways of the SDK to chat. */
export const families: Readonly<Record<string, CohereFamily>> = {
  CohereClientV2: {
    client: (sdk, baseUrl) => new sdk.CohereClientV2({ token: 'test', baseUrl }),
    drive: (client) => driveV2(client as CohereClientV2),
  },
  'CohereClient.v2': {
    client: (sdk, baseUrl) => new sdk.CohereClient({ token: 'test', baseUrl }),
    drive(client) {
      const { v2 } = client as CohereClient;
      return driveV2({ chat: v2.chat.bind(v2), chatStream: v2.chatStream.bind(v2) } as CohereClientV2);
    },
  },
  CohereClient: {
    client: (sdk, baseUrl) => new sdk.CohereClient({ token: 'test', baseUrl }),
    drive(client) {
      const cohere = client as CohereClient;
      return {
        call: async (message, abortSignal) => (await cohere.chat({ model, message }, { abortSignal })).text,
        stream: async (message, abortSignal) => cohere.chatStream({ model, message }, { abortSignal }),
      };
    },
  },
};

/** Drives one family of the real SDK against the fake provider. */
export async function openDriver(sdk: CohereSdk, { client, drive }: CohereFamily): Promise<WrapperDriver> {
  let failures = 0;
  let scripted: ScriptedAnswer = { pieces: [] };
  const provider = await startFakeCohere(({ operation }) => {
    const { pieces, usage, failure, breaksAfter, chunkDelayMs } = scripted;
    if (failures-- > 0) return { failure: 429 };
    const said = { pieces, usage: wireUsage(usage) };
    return {
      ...(operation === 'v1/chat' ? chatReplyV1(said) : chatReply(said)),
      failure,
      chunkDelayMs,
      interrupt: breaksAfter === undefined ? undefined : { afterEvents: breaksAfter, then: 'disconnect' },
    };
  });
  return {
    script(next) {
      scripted = next;
      failures = next.failuresFirst ?? 0;
    },
    client: () => client(sdk, provider.baseUrl),
    wrap: (unwrapped, source) => wrapCohere(unwrapped, source),
    drive,
    close: () => provider.close(),
  };
}
