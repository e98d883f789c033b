import type { CallSource, KnownFacts, ObservedCall } from '../../observe/call-recorder.ts';
import { abortedEnd, doneEnd } from '../../observe/classify-error.ts';
import { safely } from '../../observe/observe-promise.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { hostFacts } from './hosts.ts';
import { readTranscript } from './read-audio.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { readFacts, responseEnd } from './read-result.ts';

/** Settings of {@link watchOpenAIRealtime}. */
export interface WatchOpenAIRealtimeOptions {
  /** Name of the provider on every call. Default: known by the address of the session. */
  readonly provider?: string | undefined;
}

/** What of a session is used. */
interface Session {
  readonly url?: URL | undefined;
  readonly socket?: { addEventListener?(name: 'close', listener: () => void): void } | undefined;
  on?(name: 'event', listener: (event: Answer) => void): unknown;
  readonly [wrapMark]?: unknown;
}

/**
 * Counts the responses of a realtime session, `OpenAIRealtimeWebSocket` or `OpenAIRealtimeWS`, and the transcriptions of
 * what was said to it. It listens to the session's own events, so nothing of the session changes. Give it the context of a
 * run as the source to say whose the session is. Watching twice does nothing; what has no events is returned untouched,
 * and `unsupported_sdk` is counted.
 *
 * @example
 * const session = new OpenAIRealtimeWebSocket({ model: 'gpt-realtime' }, openai);
 * tracker.run({ customerId }, (run) => watchOpenAIRealtime(session, run));
 */
export function watchOpenAIRealtime<Watched extends object>(
  session: Watched,
  { recorder }: CallSource,
  options: WatchOpenAIRealtimeOptions = {},
): Watched {
  const { url, socket, on, [wrapMark]: watched } = session as Session;
  if (watched) return session;
  if (!on) {
    recorder.lose('unsupported_sdk');
    return session;
  }
  Object.defineProperty(session, wrapMark, { value: () => session });
  const host = hostFacts(url && `https://${url.host}`);
  const { provider = host.provider } = options;
  const { region } = host;
  let model = url?.searchParams.get('model') ?? url?.searchParams.get('deployment') ?? undefined;
  let transcriber: string | undefined;
  const open = new Map<unknown, ObservedCall>();

  const start = (
    facts: Pick<KnownFacts, 'operation' | 'responseId'>,
    requestModel = 'unknown',
  ): ObservedCall => recorder.start({ provider, region, requestModel, ...facts });

  function begin(id: unknown): ObservedCall {
    const call = open.get(id) ?? start({ operation: 'realtime', responseId: textOf(id) }, model);
    open.set(id, call);
    return call;
  }

  function take(event: Answer): void {
    const { type, response_id: responseId } = event;
    const { id, usage, status } = fieldsOf(event['response']);
    if (type === 'session.created' || type === 'session.updated') {
      const { model: named, audio, input_audio_transcription: older } = fieldsOf(event['session']);
      model = textOf(named) ?? model;
      const { transcription = older } = fieldsOf(fieldsOf(audio)['input']);
      transcriber = textOf(fieldsOf(transcription)['model']) ?? transcriber;
    } else if (type === 'response.created') {
      begin(id);
    } else if (type === 'response.done') {
      const call = begin(id);
      open.delete(id);
      readFacts(call.facts, { usage });
      call.end(responseEnd({ status }) ?? doneEnd);
    } else if (type === 'conversation.item.input_audio_transcription.completed' && event['usage']) {
      const call = start({ operation: 'transcription', responseId: textOf(event['item_id']) }, transcriber);
      readTranscript(call.facts, event);
      call.end(doneEnd);
    } else if (responseId && String(type).endsWith('.delta')) {
      open.get(responseId)?.chunk();
    }
  }

  on.call(session, 'event', (event) => safely(recorder, () => take(event)));
  socket?.addEventListener?.('close', () =>
    safely(recorder, () => {
      for (const call of open.values()) call.end(abortedEnd);
      open.clear();
    }),
  );
  return session;
}
