import type {
  CallEnd,
  CallRecorder,
  CallRequest,
  CallSource,
  KnownFacts,
  ObservedCall,
} from '../../observe/call-recorder.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { observeResult } from '../../observe/observe-result.ts';
import { watcherOf, watchOnce } from '../../observe/observe-stream.ts';
import { install } from '../../observe/install.ts';
import { callKey } from '../../observe/watch-attempts.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { type AnswerFormat, bedrockMethods } from './bedrock-methods.ts';
import { doneEnd } from '../../observe/classify-error.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { parseBytes } from './read-answer.ts';
import { readFailure } from './read-failure.ts';

/** Settings of {@link wrapBedrock}. */
export interface WrapBedrockOptions {
  /** Name of the provider on every call. Default: `aws`, as the price catalogue calls it. */
  readonly provider?: string | undefined;
}

/** What travels down the SDK's middleware. */
interface Passage {
  readonly input?: Answer;
  readonly [callKey]?: ObservedCall;
}

type Next = (passage: Passage) => Promise<unknown>;
type Middleware = (next: Next, context: { readonly commandName?: string }) => Next;

interface Stack {
  add(middleware: Middleware, options: object): void;
  remove(name: string): boolean;
  clone(): Stack;
}

/** What of a client is used. Everything is looked for before it is relied on. */
interface BedrockClient {
  readonly middlewareStack?: Partial<Stack>;
  readonly config?: { readonly region?: unknown };
  handlers?: unknown;
  [wrapMark]?: (recorder: CallRecorder) => object;
}

const callStep = 'tallykitCall';
const attemptStep = 'tallykitAttempt';

/**
 * Counts every call that a client of `@aws-sdk/client-bedrock-runtime` makes to a model: Converse and InvokeModel, as JSON
 * and as streams, through `send` and through the methods of the aggregated client. Returns the same client: commands,
 * callbacks, streams, bytes and errors stay its own. Wrapping twice does nothing. A client without the middleware that
 * observing needs is returned untouched, and `unsupported_sdk` is counted.
 *
 * @example
 * const bedrock = wrapBedrock(new BedrockRuntimeClient({ region: 'us-east-1' }), tracker);
 * await bedrock.send(new ConverseCommand({ modelId: 'us.amazon.nova-lite-v1:0', messages }));
 */
export function wrapBedrock<Client extends object>(
  client: Client,
  { recorder }: CallSource,
  options: WrapBedrockOptions = {},
): Client {
  const { middlewareStack: stack, [wrapMark]: wrapped } = client as BedrockClient;
  if (wrapped) return client;
  if (!stack?.add || !stack.remove || !stack.clone) {
    recorder.lose('unsupported_sdk');
    return client;
  }
  observeClient(client, stack as Stack, { recorder, provider: options.provider ?? 'aws', derived: false });
  return client;
}

/** Who records the calls of a client, and as whose. */
interface Observation {
  readonly recorder: CallRecorder;
  readonly provider: string;
  /** Whether the client stands on another one, whose cache of middleware it would find. */
  readonly derived: boolean;
}

function observeClient(
  client: BedrockClient,
  stack: Stack,
  { recorder, provider, derived }: Observation,
): void {
  Object.defineProperty(client, wrapMark, {
    value(next: CallRecorder): object {
      const own = stack.clone();
      own.remove(callStep);
      own.remove(attemptStep);
      const narrower = Object.create(client, {
        middlewareStack: { value: own, writable: true, configurable: true },
      }) as BedrockClient;
      observeClient(narrower, own, { recorder: next, provider, derived: true });
      return narrower;
    },
  });
  // Chains of middleware that the SDK made before, and keeps where it is told to, know nothing of ours.
  delete client.handlers;

  const signals = new WeakMap<object, AbortSignal>();
  install(
    client,
    'send',
    (original) =>
      function (this: unknown, ...parameters) {
        const [command, given, done] = parameters as [Passage?, { abortSignal?: AbortSignal }?, unknown?];
        if (command?.input && given?.abortSignal) signals.set(command.input, given.abortSignal);
        if (!derived) return original.apply(this, parameters);
        // With options the SDK does not look into that cache.
        const rest = typeof given === 'function' ? [{}, given] : [given ?? {}, done];
        return original.call(this, command, ...rest);
      },
  );

  const observeCall: Middleware = (next, { commandName = '' }) => {
    const format = bedrockMethods.get(commandName);
    if (!format) return next;
    return (passage) => {
      const input = passage.input ?? {};
      const signal = signals.get(input);
      let call: ObservedCall | undefined;
      safely(recorder, () => {
        call = recorder.start(factsOf(input, provider, format), requestOf(input, format));
        readRegion(call.facts, client.config?.region);
      });
      if (!call) return next(passage);
      const observer: CallObserver = {
        call,
        recorder,
        endOf: (error) => readFailure(error, !!signal?.aborted),
      };
      const whole = { ...passage, [callKey]: call };
      return observeResult(
        () => next(whole),
        observer,
        (result) => observeAnswer(fieldsOf(result), format, observer, signal),
      );
    };
  };

  const failures = new WeakMap<ObservedCall, CallEnd>();
  // Runs once for every attempt. That an attempt was not the last one shows only when the next one begins.
  const observeAttempt: Middleware = (next) => (passage) => {
    const call = passage[callKey];
    if (!call) return next(passage);
    const failure = failures.get(call);
    if (failure) {
      failures.delete(call);
      call.attemptFailed(failure);
      call.attemptStarted();
    }
    const result = next(passage);
    result.then(undefined, (error: unknown) => failures.set(call, readFailure(error, false)));
    return result;
  };

  stack.add(observeCall, { name: callStep, step: 'initialize', priority: 'low' });
  stack.add(observeAttempt, { name: attemptStep, step: 'finalizeRequest', priority: 'low' });
}

function factsOf({ modelId }: Answer, provider: string, { speaks }: AnswerFormat): KnownFacts {
  const requestModel = textOf(modelId) ?? 'unknown';
  const [kind] = /embed|rerank/.exec(speaks === 'bytes' ? requestModel : '') ?? ['chat'];
  return { provider, operation: kind === 'embed' ? 'embeddings' : kind, requestModel };
}

/** Bytes are parsed only when an estimate needs their text. */
function requestOf(input: Answer, { speaks }: AnswerFormat): CallRequest {
  if (speaks === 'converse') {
    const { messages, system, toolConfig, promptVariables, inferenceConfig } = input;
    return {
      body: { messages, system, toolConfig, promptVariables },
      maxOutputTokens: fieldsOf(inferenceConfig)['maxTokens'],
    };
  }
  let parsed: Answer | undefined;
  const body = (): Answer => (parsed ??= parseBytes(input['body']));
  return {
    get body() {
      return body();
    },
    get maxOutputTokens() {
      const { max_tokens: most, max_gen_len: length, inferenceConfig } = body();
      return most ?? length ?? fieldsOf(inferenceConfig)['maxTokens'];
    },
  };
}

/** The region that is called is the one that is billed, wherever a profile lets the model run. */
function readRegion(facts: KnownFacts, region: unknown): void {
  const take = (value: unknown): void => {
    facts.region = textOf(value);
  };
  if (typeof region === 'function') Promise.resolve(region()).then(take, () => undefined);
  else take(region);
}

function observeAnswer(
  { output, response }: Answer,
  { read, readStream, stream }: AnswerFormat,
  observer: CallObserver,
  signal: AbortSignal | undefined,
): void {
  const { facts, end } = observer.call;
  const answer = fieldsOf(output);
  const requestId = textOf(fieldsOf(answer['$metadata'])['requestId']);
  if (requestId) facts.providerIds = { requestId };
  // Converse answers have no id but the one of their request.
  facts.responseId = requestId;
  if (stream) {
    // Sees the stream only when the host does.
    read(facts, { ...answer, body: undefined }, undefined);
    const watcher = watcherOf(observer, readStream(facts), signal);
    if (watchOnce(answer[stream], Symbol.asyncIterator, watcher)) return;
  }
  read(facts, answer, fieldsOf(response)['headers']);
  end(doneEnd);
}
