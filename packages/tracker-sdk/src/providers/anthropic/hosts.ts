/** What is known of whoever serves the models to a client. */
export interface ClientFacts {
  /** Name of the provider, as the price catalogue knows it. */
  readonly provider: string;
  /** Where the cloud runs the model. Anthropic itself tells the region in each answer. */
  readonly region?: string | undefined;
}

/** Well-known hosts, also with regional names before them. The part in parentheses names the provider. */
const knownHosts =
  /(?:^|\.)(?:api\.(anthropic)\.com|aws-external-(anthropic)\.[\w-]+\.api\.aws|ai\.(azure)\.com|(openrouter)\.ai|(google)apis\.com)$|^bedrock.*\.(aws|amazonaws)(?:\.com)?$/;

/**
 * Knows a provider by the host of its base URL, and the clients for Bedrock and Vertex behind a host of the caller's own
 * by what they hold. An unknown host stands for itself by its name.
 */
export function clientFacts(client: object): ClientFacts {
  const { baseURL, awsRegion, region, projectId } = client as Readonly<Record<string, unknown>>;
  const [, hostname = 'unknown'] = /^https?:\/\/([^/:]+)/.exec(String(baseURL)) ?? [];
  const known = knownHosts.exec(hostname)?.slice(1).find(Boolean);
  const cloud = awsRegion ? 'aws' : region && projectId ? 'google' : undefined;
  const provider = known === 'amazonaws' ? 'aws' : (known ?? cloud ?? hostname);
  const place = awsRegion ?? region;
  return { provider, region: provider !== 'anthropic' && typeof place === 'string' ? place : undefined };
}
