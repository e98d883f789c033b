import { statedCost } from '../../observe/stated-cost.ts';
import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { abortedEnd, classifyError, doneEnd } from '../../observe/classify-error.ts';
import { catalogueName } from './provider-of.ts';
import { type Answer, fieldsOf, listOf, textOf, writtenOf } from '../../observe/read-value.ts';
import { readUsage } from './read-usage.ts';

/** What LangChain tells of a model run when it starts. */
export interface StartedRun {
  /** The serialized model: its id ends with the names of its package and class. */
  readonly model: Answer;
  readonly parameters: Answer;
  readonly metadata: Answer;
}

/** Who is asked for which model. Chat models say so in the run's metadata, text models only by their names. */
export function startedFacts(
  { model, parameters, metadata }: StartedRun,
  operation: string,
): Pick<KnownFacts, 'provider' | 'requestModel' | 'operation'> {
  const id = Array.isArray(model['id']) ? model['id'] : [];
  const provider = textOf(metadata['ls_provider']) ?? textOf(id.at(-2)) ?? 'unknown';
  const requestModel =
    textOf(metadata['ls_model_name']) ??
    textOf(parameters['model']) ??
    textOf(parameters['model_name']) ??
    textOf(parameters['modelName']) ??
    'unknown';
  return { provider: catalogueName(provider), requestModel, operation };
}

/** LangChain's own ids of messages that came without one. */
const ownId = /^(run|lc_run)-/;

/** The provider's id of the response that a message, or a piece of one, belongs to. */
export function responseIdOf({ id, response_metadata }: Answer): string | undefined {
  const given = textOf(id);
  return textOf(fieldsOf(response_metadata)['id']) ?? (given && !ownId.test(given) ? given : undefined);
}

/** Tools of OpenAI's Responses API that are billed by their number. */
const billedItems: Readonly<Record<string, 'webSearches' | 'imagesGenerated'>> = {
  web_search_call: 'webSearches',
  image_generation_call: 'imagesGenerated',
};

/** Takes what the result of a run tells. */
export function readResult(facts: KnownFacts, result: unknown): CallEnd {
  const { generations, llmOutput } = fieldsOf(result);
  const generation = fieldsOf(Array.isArray(generations) ? (generations as unknown[][])[0]?.[0] : undefined);
  const message = fieldsOf(generation['message']);
  const response = {
    ...fieldsOf(generation['generationInfo']),
    ...fieldsOf(message['response_metadata']),
  } as Answer;
  const output = fieldsOf(llmOutput);
  facts.responseId = responseIdOf(message) ?? facts.responseId;
  facts.responseModel =
    textOf(response['model_name']) ??
    textOf(response['model']) ??
    textOf(output['model_name'] ?? output['model']);
  facts.serviceTier = textOf(response['service_tier'] ?? fieldsOf(response['usage'])['service_tier']);
  const reading = readUsage({
    metadata: fieldsOf(message['usage_metadata']),
    raw: fieldsOf(response['usage']),
    legacy: fieldsOf(output['tokenUsage']),
  });
  Object.assign(facts, reading);
  const { cost } = fieldsOf(response['usage']);
  // OpenRouter states what a call cost, in US dollars.
  if (facts.provider === 'openrouter') facts.statedCost = statedCost(cost);
  for (const item of listOf(response['output'])) {
    const bucket = billedItems[String(item['type'])];
    // A page that is opened or searched through costs nothing beside the search that found it.
    const isReading = /^(open_page|find_in_page)$/.test(String(fieldsOf(item['action'])['type']));
    if (bucket && facts.usage && !isReading)
      facts.usage = { ...facts.usage, [bucket]: (facts.usage[bucket] ?? 0) + 1 };
  }
  return doneEnd;
}

/** Whether a result says nothing of its own: a further prompt of one request, whose first run carries the usage. */
export function isFurtherPrompt(result: unknown): boolean {
  const { tokenUsage } = fieldsOf(fieldsOf(result)['llmOutput']);
  return !!tokenUsage && Object.keys(tokenUsage).length === 0;
}

/** What LangChain throws when its caller aborts, besides the platform's own errors. */
const aborted = /^(abort(ed|error)?|cancel(l?ed)?|model invocation was aborted\.)$/i;

/** How a run ended that failed. */
export function endOfRunError(error: unknown): CallEnd {
  const { name, message, lc_error_code } = fieldsOf(error);
  if (name === 'ModelAbortError' || lc_error_code === 'MODEL_ABORTED' || aborted.test(String(message)))
    return abortedEnd;
  return classifyError(error, false);
}

/** The text that a model wrote in one event of a stream: text, reasoning or arguments of a tool. */
export function writtenIn(token: unknown, fields: unknown): string | undefined {
  if (typeof token === 'string' && token) return token;
  const message = fieldsOf(fieldsOf(fieldsOf(fields)['chunk'])['message']);
  const [call] = listOf(message['tool_call_chunks']);
  const reasoning = fieldsOf(message['additional_kwargs'])['reasoning_content'];
  return writtenOf(call?.['args'] ?? reasoning);
}

/** The same in an event of LangChain's protocol of content blocks. */
export function writtenInEvent(event: unknown): string | undefined {
  const { text, reasoning } = fieldsOf(fieldsOf(event)['delta']);
  return writtenOf(text ?? reasoning);
}

/** The contents of messages, or the prompts as they are: the part of a run's input that a model reads. */
export function contentOf(prompts: unknown): unknown {
  const message = (value: unknown): unknown => {
    const { content, tool_calls } = fieldsOf(value);
    return content === undefined ? value : [content, tool_calls];
  };
  return Array.isArray(prompts)
    ? prompts.map((group) => (Array.isArray(group) ? group.map(message) : group))
    : prompts;
}
