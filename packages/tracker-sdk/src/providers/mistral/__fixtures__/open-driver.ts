import type { Mistral } from '@mistralai/mistralai';
import type { DrivenClient, ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import { wrapMistral } from '../wrap-mistral.ts';
import type { MistralConstructor } from './sdk-versions.ts';
import { startFakeMistral } from './start-fake-mistral.ts';
import { model, wireAnswer, wireChunks } from './wire-answers.ts';

/** Retries fast, so that tests need not wait. */
export const retryConfig = {
  strategy: 'backoff' as const,
  backoff: { initialInterval: 1, maxInterval: 2, exponent: 1, maxElapsedTime: 2000 },
};

/** Drives one family of entry points of one version of the SDK against the fake provider. */
export async function openDriver(
  Client: MistralConstructor,
  drive: (client: Mistral) => DrivenClient,
): Promise<WrapperDriver> {
  let scripted: ScriptedAnswer = { pieces: [] };
  let failures = 0;
  const provider = await startFakeMistral(({ streamed }) => {
    const { pieces, usage, failure, breaksAfter, chunkDelayMs } = scripted;
    if (failures > 0) {
      failures--;
      return { failure: 429 };
    }
    return {
      answers: streamed ? wireChunks(pieces, usage) : [wireAnswer(pieces.join(''), usage)],
      failure,
      chunkDelayMs,
      interrupt: breaksAfter === undefined ? undefined : { afterEvents: breaksAfter, then: 'error' },
    };
  });
  return {
    script(next) {
      scripted = next;
      failures = next.failuresFirst ?? 0;
    },
    client: () => new Client({ apiKey: 'test', serverURL: provider.baseURL, retryConfig }),
    wrap: (client, source) => wrapMistral(client, source),
    drive: (client) => drive(client as Mistral),
    close: () => provider.close(),
  };
}

const messages = (content: string) => [{ role: 'user' as const, content }];
const optionsOf = (signal: AbortSignal | undefined) => (signal ? { signal, fetchOptions: { signal } } : {});

export function driveChat(client: Mistral): DrivenClient {
  return {
    async call(prompt, signal) {
      const answer = await client.chat.complete({ model, messages: messages(prompt) }, optionsOf(signal));
      return String(answer.choices[0]?.message?.content);
    },
    stream: (prompt, signal) => client.chat.stream({ model, messages: messages(prompt) }, optionsOf(signal)),
  };
}

export function driveAgents(client: Mistral): DrivenClient {
  return {
    async call(prompt, signal) {
      const request = { agentId: 'ag_1', messages: messages(prompt) };
      return String((await client.agents.complete(request, optionsOf(signal))).choices[0]?.message?.content);
    },
    stream: (prompt, signal) =>
      client.agents.stream({ agentId: 'ag_1', messages: messages(prompt) }, optionsOf(signal)),
  };
}

export function driveFim(client: Mistral): DrivenClient {
  return {
    async call(prompt, signal) {
      const answer = await client.fim.complete({ model, prompt }, optionsOf(signal));
      return String(answer.choices[0]?.message?.content);
    },
    stream: (prompt, signal) => client.fim.stream({ model, prompt }, optionsOf(signal)),
  };
}
