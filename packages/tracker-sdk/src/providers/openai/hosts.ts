/** What is known of a host that speaks OpenAI's API. */
export interface HostFacts {
  /** Name of the provider, as the price catalogue knows it. */
  readonly provider: string;
  /** Whether it takes `stream_options.include_usage`; some hosts answer 400 or 422 to it. */
  readonly takesUsageRequest: boolean;
}

/** Well-known hosts, also with regional names before them. The part in parentheses names the provider. */
const knownHosts =
  /(?:^|\.)(?:api\.(openai|groq|deepseek|x|cerebras|fireworks|mistral|perplexity|together)\.(?:com|ai|xyz)|(?:openai|cognitiveservices|services\.ai)\.(azure)\.com|(openrouter)\.ai|(google)apis\.com)$/;

const takesUsageRequest = /^(openai|groq|deepseek|x-ai|cerebras|openrouter)$/;

/**
 * Knows a provider by the host of its base URL: `https://api.openai.com/v1` is `openai`. An unknown host stands for
 * itself by its name.
 */
export function hostFacts(baseURL: unknown): HostFacts {
  const [, hostname = 'unknown', path = ''] = /^https?:\/\/([^/:]+)[^/]*(.*)/.exec(String(baseURL)) ?? [];
  const name = knownHosts.exec(hostname)?.slice(1).find(Boolean) ?? hostname;
  const provider = name === 'x' ? 'x-ai' : name;
  // Azure's older, dated API refuses stream options; its v1 API takes them.
  const azureV1 = provider === 'azure' && path.startsWith('/openai/v1');
  return { provider, takesUsageRequest: azureV1 || takesUsageRequest.test(provider) };
}
