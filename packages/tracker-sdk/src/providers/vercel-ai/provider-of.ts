import { textOf } from '../../observe/read-value.ts';

/** Names of the AI SDK's providers that differ from those of the price catalogue, and what they are part of. */
const families: readonly (readonly [pattern: RegExp, provider: string])[] = [
  [/azure/, 'azure'],
  [/bedrock|amazon/, 'aws'],
  [/vertex|google/, 'google'],
  [/^xai\b/, 'x-ai'],
  [/^together/, 'together'],
  [/^workers-?ai\b/, 'cloudflare'],
  [/^kimi\b|^moonshot/, 'moonshotai'],
  [/^voyage/, 'voyageai'],
];

/**
 * The price catalogue's name of a provider: `openai.responses` is `openai`, `amazon-bedrock` is `aws`. A provider that
 * the catalogue does not know stands for itself, without the part that names its kind of model.
 */
export function catalogueName(name: string): string {
  const lower = name.toLowerCase();
  return families.find(([pattern]) => pattern.test(lower))?.[1] ?? lower.split('.')[0] ?? lower;
}

/** Who serves a model, and under which name it does. */
export interface ServedModel {
  readonly provider: string;
  readonly requestModel: string;
}

/** Reads them off a model. A gateway is no provider: the model's name there begins with who made it. */
export function servedModel(model: { readonly provider?: unknown; readonly modelId?: unknown }): ServedModel {
  const name = textOf(model.provider) ?? 'unknown';
  const requestModel = textOf(model.modelId) ?? 'unknown';
  const slash = requestModel.indexOf('/');
  if (!/^gateway\b/.test(name) || slash < 1) return { provider: catalogueName(name), requestModel };
  return {
    provider: catalogueName(requestModel.slice(0, slash)),
    requestModel: requestModel.slice(slash + 1),
  };
}
