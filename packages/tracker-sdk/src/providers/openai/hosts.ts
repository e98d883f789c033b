/** What is known of a host that speaks OpenAI's API. */
export interface HostFacts {
  /** Name of the provider, as the price catalogue knows it. */
  readonly provider: string;
  /** Whether it takes `stream_options.include_usage`; some hosts answer 400 or 422 to it. */
  readonly takesUsageRequest: boolean;
}

/** End of the host name, provider, and whether a usage chunk may be asked for. */
const knownHosts: readonly (readonly [suffix: string, provider: string, takesUsageRequest: boolean])[] = [
  ['api.openai.com', 'openai', true],
  ['openai.azure.com', 'azure', false],
  ['cognitiveservices.azure.com', 'azure', false],
  ['services.ai.azure.com', 'azure', false],
  ['openrouter.ai', 'openrouter', true],
  ['api.groq.com', 'groq', true],
  ['api.together.xyz', 'together', false],
  ['api.deepseek.com', 'deepseek', true],
  ['api.x.ai', 'x-ai', true],
  ['api.cerebras.ai', 'cerebras', true],
  ['api.fireworks.ai', 'fireworks', false],
  ['api.mistral.ai', 'mistral', false],
  ['api.perplexity.ai', 'perplexity', false],
  ['googleapis.com', 'google', false],
];

/**
 * Knows a provider by the host of its base URL: `https://api.openai.com/v1` is `openai`. An unknown host stands for
 * itself by its name.
 */
export function hostFacts(baseURL: unknown): HostFacts {
  let url: URL;
  try {
    url = new URL(String(baseURL));
  } catch {
    return { provider: 'unknown', takesUsageRequest: false };
  }
  const { hostname, pathname } = url;
  const known = knownHosts.find(([suffix]) => hostname === suffix || hostname.endsWith(`.${suffix}`));
  // Data residency has hosts of its own, such as eu.api.openai.com, which the suffix covers.
  if (!known) return { provider: hostname, takesUsageRequest: false };
  // Azure's older, dated API refuses stream options; its v1 API takes them.
  const azureV1 = known[1] === 'azure' && pathname.startsWith('/openai/v1');
  return { provider: known[1], takesUsageRequest: known[2] || azureV1 };
}
