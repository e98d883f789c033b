/**
 * Names of OpenTelemetry's registry, of instrumentations and of SDKs, and the price catalogue's id for each. What is not
 * listed stands for itself.
 */
const providerIds: Readonly<Record<string, string>> = {
  'aws.bedrock': 'aws',
  aws_bedrock: 'aws',
  bedrock: 'aws',
  'amazon-bedrock': 'aws',
  amazon_bedrock: 'aws',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  'az.ai.openai': 'azure',
  'az.ai.inference': 'azure',
  'azure-openai': 'azure',
  azure_openai: 'azure',
  azureopenai: 'azure',
  'gcp.gemini': 'google',
  'gcp.vertex_ai': 'google',
  'gcp.gen_ai': 'google',
  vertex_ai: 'google',
  vertexai: 'google',
  'google-vertex': 'google',
  google_genai: 'google',
  gemini: 'google',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  moonshot_ai: 'moonshotai',
  moonshot: 'moonshotai',
  x_ai: 'x-ai',
  xai: 'x-ai',
  'fireworks-ai': 'fireworks',
  fireworks_ai: 'fireworks',
  'together-ai': 'together',
  together_ai: 'together',
  togetherai: 'together',
};

// Names of the AI SDK go on with the kind of the model: `openai.chat`, `google.generative-ai`, `amazon-bedrock.chat`.
const aiSdkName = /^(openai|anthropic|azure|google|mistral|cohere|groq|xai|deepseek|perplexity)\.[a-z.-]+$/;
const aiSdkSpecialName =
  /^(amazon-bedrock|azure-openai|google-vertex|togetherai|fireworks|cerebras)\.[a-z.-]+$/;

/**
 * The price catalogue's id of a provider, by any name in use for it: lower case, names of OpenTelemetry and of SDKs
 * translated. A name that is not known stands for itself.
 *
 * @example
 * providerId('azure.ai.openai'); // 'azure'
 */
export function providerId(name: string): string {
  const lower = name.trim().toLowerCase();
  const plain =
    aiSdkSpecialName.exec(lower)?.[1] ?? (known(lower) ? lower : aiSdkName.exec(lower)?.[1]) ?? lower;
  return known(plain) ? (providerIds[plain] ?? plain) : plain;
}

const known = (name: string): boolean => Object.hasOwn(providerIds, name);

/** Hosts that speak OpenAI's API, also with regional names before them. The part in parentheses names the provider. */
const openAiHosts =
  /(?:^|\.)(?:api\.(openai|groq|deepseek|x|cerebras|fireworks|mistral|perplexity|together)\.(?:com|ai|xyz)|(?:openai|cognitiveservices|services\.ai)\.(azure)\.com|(openrouter)\.ai|(google)apis\.com)$/;

/**
 * The provider behind a well-known host, since instrumentations of the OpenAI SDK call every host `openai`. `undefined`
 * for hosts that nobody knows.
 *
 * @example
 * providerOfHost('api.groq.com'); // 'groq'
 */
export function providerOfHost(hostname: string): string | undefined {
  const name = openAiHosts.exec(hostname.toLowerCase())?.slice(1).find(Boolean);
  return name === 'x' ? 'x-ai' : name;
}
