import type { CallRecorder, CallSource, ObservedCall } from '../../observe/call-recorder.ts';
import { safely } from '../../observe/observe-promise.ts';
import {
  contentOf,
  endOfRunError,
  isFurtherPrompt,
  readResult,
  responseIdOf,
  startedFacts,
  writtenIn,
  writtenInEvent,
} from './read-run.ts';
import { fieldsOf } from '../../observe/read-value.ts';
import { attributionOf } from './run-attribution.ts';
import { type Handle, toolHandles, type ToolHandles } from './tool-runs.ts';

/** Settings of {@link tallykitHandler}. */
export interface TallykitHandlerOptions {
  /** Name of the provider on every call. Default: known by the model, such as `openai` or `google`. */
  readonly provider?: string | undefined;
  /** Records tools too, without their arguments and results. Turn it off where `wrapMcpClient` does. Default: true. */
  readonly tools?: boolean | undefined;
}

/** A callback handler of LangChain. Its methods are LangChain's to call. */
export interface TallykitHandler extends ToolHandles {
  readonly name: string;
  /** LangChain waits for the handler, which takes no time, so that attribution is that of the run's start. */
  readonly awaitHandlers: boolean;
  /** Only a refusal of a budget is let through; everything else that goes wrong is counted. */
  readonly raiseError: boolean;
  readonly copy: () => TallykitHandler;
  readonly handleLLMStart: Handle<Promise<void> | undefined>;
  readonly handleChatModelStart: Handle<Promise<void> | undefined>;
  readonly handleLLMNewToken: Handle;
  readonly handleChatModelStreamEvent: Handle;
  readonly handleLLMEnd: Handle;
  readonly handleLLMError: Handle;
}

/** Runs that some handler of a recorder has taken on: several of them may be given to one run. */
const taken = new WeakMap<CallRecorder, Set<unknown>>();

/** Waits for the budgets; a refused call was not made. */
async function admitted(admission: Promise<void>, call: ObservedCall): Promise<void> {
  try {
    await admission;
  } catch (error) {
    call.drop();
    throw error;
  }
}

/**
 * Counts every run of a model that LangChain makes, and the tools around it: one call a model run, with the attribution
 * that holds when it starts. Give it to a model, a chain, an agent or one `invoke`; given at several places, the handlers
 * of one tracker count once. Answers from LangChain's cache are no calls. Nothing in it throws, but for a budget that
 * refuses a call.
 *
 * @example
 * await chain.invoke(input, { callbacks: [tallykitHandler(tracker)], metadata: { tallykit: { customerId: 'cus_42' } } });
 */
export function tallykitHandler(
  { recorder }: CallSource,
  options: TallykitHandlerOptions = {},
): TallykitHandler {
  const { provider, tools = true } = options;
  const runs = new Map<unknown, ObservedCall>();
  const known = taken.get(recorder) ?? new Set<unknown>();
  taken.set(recorder, known);

  const starts =
    (operation: string): TallykitHandler['handleLLMStart'] =>
    (...given) => {
      const [model, prompts, runId, , extra, , metadata] = given;
      const attribution = attributionOf(fieldsOf(metadata));
      let call: ObservedCall | undefined;
      safely(recorder, () => {
        if (known.has(runId)) return;
        const parameters = fieldsOf(fieldsOf(extra)['invocation_params']);
        const run = { model: fieldsOf(model), parameters, metadata: fieldsOf(metadata) };
        const facts = startedFacts(run, operation);
        const limit =
          parameters['max_tokens'] ?? parameters['max_completion_tokens'] ?? parameters['maxOutputTokens'];
        const started = recorder.start(
          { ...facts, provider: provider ?? facts.provider },
          { body: { prompts: contentOf(prompts), tools: parameters['tools'] }, maxOutputTokens: limit },
          attribution,
        );
        started.onEnd = () => runs.delete(runId) && known.delete(runId);
        runs.set(runId, started);
        known.add(runId);
        call = started;
      });
      return call && recorder.admit && admitted(recorder.admit(call, attribution), call);
    };

  /** Does something with a run that is known; the others are another handler's. */
  const withRun = (runId: unknown, action: (call: ObservedCall) => void): void =>
    safely(recorder, () => {
      const call = runs.get(runId);
      if (call) action(call);
    });

  const handler: TallykitHandler = {
    name: 'tallykit',
    awaitHandlers: true,
    raiseError: !!recorder.admit,
    copy: () => handler,
    handleLLMStart: starts('text_completion'),
    handleChatModelStart: starts('chat'),
    handleLLMNewToken(...given) {
      const [token, , runId, , , fields] = given;
      withRun(runId, (call) => {
        call.chunk(writtenIn(token, fields));
        call.facts.responseId ??= responseIdOf(fieldsOf(fieldsOf(fieldsOf(fields)['chunk'])['message']));
      });
    },
    handleChatModelStreamEvent(...given) {
      const [event, runId] = given;
      withRun(runId, (call) => call.chunk(writtenInEvent(event)));
    },
    handleLLMEnd(...given) {
      const [result, runId, , , extra] = given;
      withRun(runId, (call) => {
        const uncounted = call.facts.operation === 'text_completion' && isFurtherPrompt(result);
        if (uncounted || fieldsOf(extra)['cached']) call.drop();
        else call.end(readResult(call.facts, result));
      });
    },
    handleLLMError(...given) {
      const [error, runId, , , extra] = given;
      withRun(runId, (call) => (fieldsOf(extra)['cached'] ? call.drop() : call.end(endOfRunError(error))));
    },
    ...toolHandles(recorder, known, tools),
  };
  return handler;
}
