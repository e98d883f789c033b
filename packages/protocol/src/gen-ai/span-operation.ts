import { nameOf } from './attribute-values.ts';
import type { SpanAttributes } from './gen-ai-span.ts';
import { usageNames } from './usage-names.ts';

/** What a span tells of: a call of a model by its operation, a tool, or neither. */
export type SpanSubject = { readonly operation: string } | 'tool' | null;

/**
 * Operations of OpenTelemetry's registry that are one request to a model. Agents, workflows, plans, steps and retrieval
 * are not here: they stand over such requests, and repeat their tokens.
 */
const modelOperations: Readonly<Record<string, string>> = {
  chat: 'chat',
  generate_content: 'generate_content',
  text_completion: 'text_completion',
  completion: 'text_completion',
  embeddings: 'embeddings',
  embedding: 'embeddings',
  rerank: 'rerank',
  responses: 'responses',
  messages: 'messages',
  image_generation: 'image_generation',
  speech: 'speech',
  transcription: 'transcription',
  decide: 'decide',
  'ai.generatespeech': 'speech',
  'ai.transcribe': 'transcription',
  'ai.streamtranscribe': 'transcription',
};

/** Operations of the Vercel AI SDK's own names. `ai.generateText` and its like stand over these. */
const aiSdkOperations: Readonly<Record<string, string>> = {
  'ai.generateText.doGenerate': 'chat',
  'ai.streamText.doStream': 'chat',
  'ai.generateObject.doGenerate': 'chat',
  'ai.streamObject.doStream': 'chat',
  'ai.embed.doEmbed': 'embeddings',
  'ai.embedMany.doEmbed': 'embeddings',
  'ai.rerank.doRerank': 'rerank',
  'ai.generateSpeech': 'speech',
  'ai.transcribe': 'transcription',
  'ai.streamTranscribe': 'transcription',
};

/** Kinds of OpenInference. Its other kinds (agents, chains, retrievers, guardrails, ...) stand over these or cost nothing. */
const openInferenceOperations: Readonly<Record<string, string>> = { LLM: 'chat', EMBEDDING: 'embeddings' };

/** What one request returns, and a span around several lacks. */
const answerNames = ['gen_ai.response.model', 'gen_ai.response.id', 'error.type'];

function lookUp(operations: Readonly<Record<string, string>>, name: string): SpanSubject {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  return operation === undefined ? null : { operation };
}

const has = (attributes: SpanAttributes, names: readonly string[]): boolean =>
  names.some((name) => attributes[name] !== undefined);

function reportsUsage(attributes: SpanAttributes): boolean {
  return has(attributes, [...usageNames.input, ...usageNames.output, ...usageNames.total]);
}

/**
 * Decides what a span tells of. The most particular convention decides, since processors add the names of another one to
 * spans that have their own.
 */
export function subjectOf(attributes: SpanAttributes): SpanSubject {
  const aiSdk = nameOf(attributes['ai.operationId']);
  if (aiSdk !== undefined) return aiSdk === 'ai.toolCall' ? 'tool' : lookUp(aiSdkOperations, aiSdk);

  const kind = nameOf(attributes['openinference.span.kind'])?.toUpperCase();
  if (kind !== undefined) return kind === 'TOOL' ? 'tool' : lookUp(openInferenceOperations, kind);

  const operation = nameOf(attributes['gen_ai.operation.name'])?.toLowerCase();
  if (operation !== undefined) {
    if (operation === 'execute_tool') return 'tool';
    const subject = lookUp(modelOperations, operation);
    const requestOnly = !reportsUsage(attributes) && !has(attributes, answerNames);
    // The AI SDK has a span over its requests under the same name as theirs, and only theirs report anything.
    return requestOnly && /^(embed|rerank|decide)/.test(operation) ? null : subject;
  }

  const legacy = nameOf(attributes['traceloop.span.kind']);
  if (legacy !== undefined) return legacy === 'tool' ? 'tool' : null;
  const requestType = nameOf(attributes['llm.request.type'])?.toLowerCase();
  if (requestType !== undefined) return lookUp(modelOperations, requestType);

  // The oldest instrumentations name a provider, a model and tokens, and nothing else.
  const named = has(attributes, ['gen_ai.provider.name', 'gen_ai.system']);
  const model = has(attributes, ['gen_ai.request.model', 'gen_ai.response.model']);
  return named && model && reportsUsage(attributes) ? { operation: 'chat' } : null;
}
