import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { TokenUsage } from '@tallykit/protocol';
import type { ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import type { FakeReply, FakeUsage } from '../../../testing/fake-openai/fake-reply.ts';
import { startFakeOpenAI } from '../../../testing/fake-openai/start-fake-openai.ts';
import { wrapAIModel } from '../wrap-ai-model.ts';
import type { SdkMajor } from './sdk-majors.ts';

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

/** What the AI SDK makes of a short prompt, in every version of its specification. */
export const asked = (text: string, abortSignal?: AbortSignal): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...(abortSignal && { abortSignal }),
});

/** Drives one kind of OpenAI model of one major of the AI SDK against the fake provider. */
export async function openDriver({ ai, createOpenAI }: SdkMajor, kind: 'chat' | 'responses') {
  let scripted: ScriptedAnswer = { pieces: [] };
  const reply = (): FakeReply => {
    const { pieces, usage, failure, breaksAfter, chunkDelayMs } = scripted;
    return {
      // Some items carry the id under other names than the suite leaves out.
      id: 'answer',
      chunks: pieces,
      usage: inclusive(usage),
      chunkDelayMs,
      failure: failure ? { status: failure } : undefined,
      interrupt: breaksAfter === undefined ? undefined : { afterEvents: breaksAfter, then: 'error' },
    };
  };
  const provider = await startFakeOpenAI({ reply, now: () => 1_800_000_000_000 });
  const driver: WrapperDriver = {
    script(next) {
      scripted = next;
    },
    client: () => createOpenAI({ apiKey: 'test', baseURL: provider.baseURL })[kind]('gpt-4o-mini'),
    wrap: (client, source) => wrapAIModel(client, source),
    drive: (client) => {
      const model = client as LanguageModelV4;
      return {
        async call(prompt, abortSignal) {
          return (await ai.generateText({ model, prompt, abortSignal, maxRetries: 0 })).text;
        },
        // The call starts now; its stream is taken as the AI SDK takes it.
        async stream(prompt, abortSignal) {
          const { stream } = await model.doStream(asked(prompt, abortSignal));
          return (async function* () {
            for await (const part of stream) {
              if (part.type === 'error') throw part.error;
              yield part;
            }
          })();
        },
      };
    },
    close: () => provider.close(),
  };
  return driver;
}
