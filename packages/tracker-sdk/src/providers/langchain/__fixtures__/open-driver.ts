import { ChatOpenAI } from '@langchain/openai';
import type { TokenUsage } from '@tallykit/protocol';
import type { ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import type { FakeReply, FakeUsage } from '../../../testing/fake-openai/fake-reply.ts';
import { startFakeOpenAI } from '../../../testing/fake-openai/start-fake-openai.ts';
import { tallykitHandler } from '../tallykit-handler.ts';

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

/** A chat model of LangChain that talks to a fake provider. */
export const openModel = (baseURL: string, fields: object = {}): ChatOpenAI =>
  new ChatOpenAI({ model: 'gpt-4o-mini', apiKey: 'test', maxRetries: 0, configuration: { baseURL }, ...fields });

/** Drives LangChain's model of OpenAI, with completions or responses underneath, against the fake provider. */
export async function openDriver(useResponsesApi: boolean) {
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
    // As soon as there is any handler, LangChain names the pieces of a stream after the run.
    client: () => openModel(provider.baseURL, { useResponsesApi, callbacks: [{ handleLLMStart() {} }] }),
    wrap: (client, source) => {
      (client as { callbacks: unknown[] }).callbacks.push(tallykitHandler(source));
      return client;
    },
    drive: (client) => {
      const model = client as ChatOpenAI;
      return {
        call: async (prompt, signal) => (await model.invoke(prompt, { ...(signal && { signal }) })).text,
        stream: (prompt, signal) => model.stream(prompt, { ...(signal && { signal }) }),
      };
    },
    close: () => provider.close(),
  };
  return driver;
}
