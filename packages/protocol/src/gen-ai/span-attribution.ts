import type { EventAttribution } from '../usage-event.ts';
import { idOf } from './attribute-values.ts';
import type { GenAiSpan, SpanAttributes } from './gen-ai-span.ts';

type Attributed = Exclude<keyof EventAttribution, 'tags'>;

/**
 * Names of attributes, entries of baggage and attributes of the resource that say whom a call belongs to. OpenTelemetry
 * has none for customers, so they are in our own namespace; two have names of its own, which ours win over.
 */
const attributionNames: Readonly<Record<Attributed, readonly string[]>> = {
  customerId: ['tallykit.customer_id'],
  userId: ['tallykit.user_id'],
  productId: ['tallykit.product_id'],
  flow: ['tallykit.flow'],
  configuration: ['tallykit.configuration'],
  conversationId: ['tallykit.conversation_id', 'gen_ai.conversation.id'],
  messageId: ['tallykit.message_id'],
  channel: ['tallykit.channel'],
  workspaceId: ['tallykit.workspace_id'],
  environment: ['tallykit.environment', 'deployment.environment.name', 'deployment.environment'],
};

/**
 * Whom a span's call belongs to: what the span itself says wins, then the run that it was started in, then its baggage,
 * then its process. An id that no event can hold is left out, so that the call still counts.
 */
export function attributionOf(
  span: Pick<GenAiSpan, 'attributes' | 'baggage' | 'resource'>,
  run: EventAttribution = {},
): EventAttribution {
  const read = (attributes: SpanAttributes | undefined, names: readonly string[]): string | undefined => {
    for (const name of names) {
      const id = idOf(attributes?.[name]);
      if (id !== undefined) return id;
    }
    return undefined;
  };
  const attribution: { -readonly [Key in keyof EventAttribution]: EventAttribution[Key] } = {};
  for (const [key, names] of Object.entries(attributionNames) as [Attributed, readonly string[]][]) {
    const value =
      read(span.attributes, names) ?? run[key] ?? read(span.baggage, names) ?? read(span.resource, names);
    if (value !== undefined) attribution[key] = value;
  }
  if (run.tags !== undefined) attribution.tags = run.tags;
  return attribution;
}
