/** What is known of a host that speaks OpenAI's API. */
export interface HostFacts {
  /** Name of the provider, as the price catalogue knows it. */
  readonly provider: string;
  /** Whether it takes `stream_options.include_usage`; some hosts answer 400 or 422 to it. */
  readonly takesUsageRequest: boolean;
  /** Where OpenAI keeps the call, when the host's name says so: it asks more for that. */
  readonly region?: string | undefined;
}

/** Well-known hosts, also with regional names before them. The part in parentheses names the provider. */
const knownHosts =
  /(?:^|\.)(?:api\.(openai|groq|deepseek|x|cerebras|fireworks|mistral|perplexity|together)\.(?:com|ai|xyz)|(?:openai|cognitiveservices|services\.ai)\.(azure)\.com|(openrouter)\.ai|(google)apis\.com)$/;

const takesUsageRequest = /^(openai|groq|deepseek|x-ai|cerebras|openrouter)$/;

/** The first of Azure's dated APIs that takes stream options; earlier ones answer 400 to them. */
const azureUsageRequest = '2024-09-01';

/**
 * Knows a provider by the host of its base URL: `https://api.openai.com/v1` is `openai`. An unknown host stands for
 * itself by its name. `apiVersion` is that of a client for Azure's dated API.
 */
export function hostFacts(baseURL: unknown, apiVersion?: unknown): HostFacts {
  const [, hostname = 'unknown', path = ''] = /^https?:\/\/([^/:]+)[^/]*(.*)/.exec(String(baseURL)) ?? [];
  const name = knownHosts.exec(hostname)?.slice(1).find(Boolean) ?? hostname;
  const provider = name === 'x' ? 'x-ai' : name;
  const azure =
    provider === 'azure' && (path.startsWith('/openai/v1') || String(apiVersion ?? '') >= azureUsageRequest);
  return {
    provider,
    takesUsageRequest: azure || takesUsageRequest.test(provider),
    region: /^(\w+)\.api\.openai\.com$/.exec(hostname)?.[1],
  };
}
