import { hostFacts } from '../openai/hosts.ts';
import { completions, images, responses, speech, transcripts } from '../openai/openai-methods.ts';
import {
  anthropicFormat,
  cohereFormat,
  converseFormat,
  googleFormat,
  invokeFormat,
  openAIFormat,
  type WireFormat,
} from './wire-formats.ts';

/** What a request to a known endpoint asks for. */
export interface Endpoint {
  readonly provider: string;
  readonly operation: string;
  readonly format: WireFormat;
  /** The model, where the path names it. */
  readonly model?: string | undefined;
  readonly region?: string | undefined;
  /** Known by its path alone: it counts only where the request names a model as well. */
  readonly unsure?: boolean | undefined;
}

/** OpenAI's endpoints by the end of their path. Those after the first few are taken on well-known hosts only. */
const openAIPaths: readonly (readonly [ending: RegExp, operation: string, format: WireFormat])[] = [
  [/\/(chat|agents)\/completions$/, 'chat', openAIFormat(completions)],
  [/\/v1\/completions$/, 'text_completion', openAIFormat(completions)],
  [/\/v1\/embeddings$/, 'embeddings', openAIFormat(completions)],
  [/\/v1\/responses$/, 'responses', openAIFormat(responses)],
  [/\/completions$/, 'text_completion', openAIFormat(completions)],
  [/\/embeddings$/, 'embeddings', openAIFormat(completions)],
  [/\/responses(\/compact)?$/, 'responses', openAIFormat(responses)],
  [/\/images\/(generations|edits)$/, 'images', openAIFormat(images)],
  [/\/audio\/transcriptions$/, 'transcription', openAIFormat(transcripts)],
  [/\/audio\/translations$/, 'translation', openAIFormat(transcripts)],
  [/\/audio\/speech$/, 'speech', openAIFormat(speech)],
];
const onAnyHost = 4;

const googleHost = /^(generativelanguage|(?:([\w-]+)-)?aiplatform)\.googleapis\.com$/;
const googlePath =
  /\/(?:publishers\/(\w+)\/)?models\/([^/:]+):(generateContent|streamGenerateContent|rawPredict|streamRawPredict)$/;

const bedrockHost = /^bedrock-runtime(?:-fips)?\.([\w-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
const bedrockPath = /\/model\/([^/]+)\/(converse|invoke)(?:-stream|-with-response-stream)?$/;

const cohereOperations: Readonly<Record<string, string>> = {
  chat: 'chat',
  generate: 'text_completion',
  embed: 'embeddings',
  rerank: 'rerank',
};

/** The endpoint that a request goes to; `undefined` for everything that is no call of a model. */
export function endpointOf({ hostname, pathname, origin }: URL): Endpoint | undefined {
  const google = googleHost.exec(hostname);
  const [, publisher, asked, method = ''] = googlePath.exec(pathname) ?? [];
  if (google && asked) {
    const location = google[2] ?? /\/locations\/([\w-]+)\//.exec(pathname)?.[1];
    const place = { provider: 'google', model: decodeURIComponent(asked), region: location };
    if (/generateContent$/i.test(method))
      return { ...place, operation: 'generate_content', format: googleFormat };
    return publisher === 'anthropic' ? { ...place, operation: 'chat', format: anthropicFormat } : undefined;
  }
  const [, region] = bedrockHost.exec(hostname) ?? [];
  const [, served, spoken] = bedrockPath.exec(pathname) ?? [];
  if (region && served) {
    const format = spoken === 'converse' ? converseFormat : invokeFormat;
    return { provider: 'aws', operation: 'chat', format, model: decodeURIComponent(served), region };
  }
  if (/^api\.cohere\.(com|ai)$/.test(hostname)) {
    const operation = cohereOperations[/^\/v[12]\/(\w+)$/.exec(pathname)?.[1] ?? ''];
    if (operation) return { provider: 'cohere', operation, format: cohereFormat };
  }
  if (/\/v1\/messages$/.test(pathname)) {
    const anthropic = hostname === 'api.anthropic.com';
    const provider = anthropic ? 'anthropic' : hostFacts(origin).provider;
    return { provider, operation: 'chat', format: anthropicFormat, unsure: provider === hostname };
  }
  const { provider, region: residency } = hostFacts(origin);
  const unsure = provider === hostname;
  const paths = unsure ? openAIPaths.slice(0, onAnyHost) : openAIPaths;
  const [, operation, format] = paths.find(([ending]) => ending.test(pathname)) ?? [];
  if (!operation || !format) return undefined;
  const deployment = /\/deployments\/([^/]+)\//.exec(pathname)?.[1];
  const model = deployment && decodeURIComponent(deployment);
  return { provider, operation, format, region: residency, unsure, model };
}
