// Names of OpenTelemetry and of SDKs that the catalogue's own rules would miss or take for another provider.
const aliases: Readonly<Record<string, string>> = {
  'aws.bedrock': 'aws',
  aws_bedrock: 'aws',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  'azure-openai': 'azure',
  azure_openai: 'azure',
  azureopenai: 'azure',
  'gcp.gemini': 'google',
  'gcp.vertex_ai': 'google',
  'gcp.gen_ai': 'google',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  moonshot_ai: 'moonshotai',
  x_ai: 'x-ai',
  'fireworks-ai': 'fireworks',
  fireworks_ai: 'fireworks',
};

/**
 * The name under which the catalogue looks for a provider: lower case, with the names of OpenTelemetry translated.
 *
 * @example
 * providerName('azure.ai.openai'); // 'azure'
 */
export function providerName(name: string): string {
  const lower = name.trim().toLowerCase();
  return Object.hasOwn(aliases, lower) ? (aliases[lower] ?? lower) : lower;
}
