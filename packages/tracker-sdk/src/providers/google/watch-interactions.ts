import type { CallRecorder, KnownFacts, ObservedCall } from '../../observe/call-recorder.ts';
import { classifyError } from '../../observe/classify-error.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { observeResult } from '../../observe/observe-result.ts';
import { install } from '../../observe/install.ts';
import { isReadable, watchReadable } from '../../observe/watch-readable.ts';
import { watcherOf } from '../../observe/observe-stream.ts';
import { type Answer, fieldsOf } from '../../observe/read-value.ts';
import { modelName } from './read-answer.ts';
import { readInteraction } from './read-interaction.ts';

type Signal = AbortSignal | null | undefined;

/** Options of a request, of which only the signal is read. */
interface Options {
  readonly signal?: Signal;
  readonly fetchOptions?: { readonly signal?: Signal };
  readonly fetch_options?: { readonly signal?: Signal };
}

/**
 * Counts the interactions of a client, from the moment that the host asks for them: the SDK makes them only then. The
 * first major version has others, which are left alone. `facts` tells who runs a model, and where.
 */
export function watchInteractions(
  client: object,
  recorder: CallRecorder,
  facts: (model: unknown) => Pick<KnownFacts, 'provider' | 'region' | 'providerIds'>,
): void {
  // The client of a run is made from another client, whose own interactions must not be its.
  const { prototype: origin } = client.constructor as { readonly prototype?: object };
  if (!origin || !('interactions' in origin)) return;
  const watched = new WeakSet<object>();
  Object.defineProperty(client, 'interactions', {
    configurable: true,
    get() {
      const found: unknown = Reflect.get(origin, 'interactions', client);
      if (found && typeof found === 'object' && 'parentClient' in found && !watched.has(found)) {
        watched.add(found);
        safely(recorder, () => watchCreate(found, recorder, facts));
      }
      return found;
    },
  });
}

function watchCreate(
  interactions: object,
  recorder: CallRecorder,
  facts: Parameters<typeof watchInteractions>[2],
): void {
  install(interactions, 'create', (original) => (...parameters) => {
    const [body, options] = parameters as [Answer | undefined, Options | undefined];
    const signal = (options?.fetch_options ?? options?.fetchOptions ?? options)?.signal;
    let call: ObservedCall | undefined;
    safely(recorder, () => {
      const { model, agent, input, system_instruction, tools, generation_config } = body ?? {};
      const { max_output_tokens: maxOutputTokens } = fieldsOf(generation_config);
      const requestModel = modelName(model) ?? modelName(agent) ?? 'unknown';
      call = recorder.start(
        { ...facts(model), operation: 'interaction', requestModel },
        { body: [input, system_instruction, tools], maxOutputTokens },
      );
    });
    if (!call) return original.apply(interactions, parameters);
    const endOf = (error: unknown) => classifyError(error, !!signal?.aborted);
    const observer: CallObserver = { call, recorder, endOf };
    return observeResult(
      () => original.apply(interactions, parameters) as Promise<unknown>,
      observer,
      (value) => observeInteraction(value, observer, signal),
    );
  });
}

function observeInteraction(value: unknown, observer: CallObserver, signal: Signal): void {
  const { call, recorder } = observer;
  const reader = readInteraction(call.facts);
  if (isReadable(value)) return watchReadable(value, watcherOf(observer, reader, signal));
  safely(recorder, () => reader.item(fieldsOf(value)));
  call.end(reader.end(true));
}
