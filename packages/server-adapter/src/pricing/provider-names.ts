import { providerId } from '@tallykit/protocol/gen-ai-span';

/**
 * The name under which the catalogue looks for a provider: lower case, with the names of OpenTelemetry translated.
 *
 * @example
 * providerName('azure.ai.openai'); // 'azure'
 */
export function providerName(name: string): string {
  return providerId(name);
}
