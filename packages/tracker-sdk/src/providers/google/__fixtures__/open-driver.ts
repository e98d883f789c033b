import type { GoogleGenAI } from '@google/genai';
import type { DrivenClient, ScriptedAnswer, WrapperDriver } from '../../../testing/describe-provider-wrapper.ts';
import { wrapGoogle } from '../wrap-google.ts';
import type { GoogleVersion } from './sdk-versions.ts';
import { startFakeGoogle } from './start-fake-google.ts';
import { model, wireAnswer, wireChunks, wireUsage } from './wire-answers.ts';

/** Which of the two services a client talks to. */
export type GoogleService = 'gemini' | 'vertex';

/** Drives one family of entry points of one version of the SDK against the fake provider. */
export async function openDriver(
  { GoogleGenAI, showsRetries }: GoogleVersion,
  service: GoogleService,
  drive: (client: GoogleGenAI) => DrivenClient,
): Promise<WrapperDriver> {
  let scripted: ScriptedAnswer = { pieces: [] };
  let failures = 0;
  const provider = await startFakeGoogle(({ method }) => {
    const { pieces, usage, failure, breaksAfter, chunkDelayMs } = scripted;
    if (failures > 0) {
      failures--;
      return { failure: 429 };
    }
    const report = usage ? { usageMetadata: wireUsage(usage) } : {};
    return {
      answers:
        method === 'streamGenerateContent'
          ? wireChunks(pieces, usage, service === 'gemini')
          : [wireAnswer(pieces.join(''), report, 'STOP')],
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
    client: () =>
      new GoogleGenAI({
        apiKey: 'test',
        vertexai: service === 'vertex',
        httpOptions: {
          baseUrl: provider.baseUrl,
          ...(showsRetries ? { retryOptions: { attempts: 3, initialDelay: 0.001, maxDelay: 0.002 } } : {}),
        },
      }),
    wrap: (client, source) => wrapGoogle(client, source),
    drive: (client) => drive(client as GoogleGenAI),
    close: () => provider.close(),
  };
}

const configOf = (abortSignal: AbortSignal | undefined) => (abortSignal ? { abortSignal } : {});

export function driveModels({ models }: GoogleGenAI): DrivenClient {
  return {
    async call(contents, signal) {
      return (await models.generateContent({ model, contents, config: configOf(signal) })).text ?? '';
    },
    stream: (contents, signal) => models.generateContentStream({ model, contents, config: configOf(signal) }),
  };
}

export function driveChats({ chats }: GoogleGenAI): DrivenClient {
  return {
    async call(message, signal) {
      return (await chats.create({ model }).sendMessage({ message, config: configOf(signal) })).text ?? '';
    },
    stream: (message, signal) =>
      chats.create({ model }).sendMessageStream({ message, config: configOf(signal) }),
  };
}
