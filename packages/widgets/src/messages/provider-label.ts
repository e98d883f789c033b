import type { Speech } from './create-speech.ts';
import { isMessageId } from './is-message-id.ts';

/** How a provider writes its own name; an id that is not known shows as itself. */
export function providerLabel(id: string, { say }: Pick<Speech, 'say'>): string {
  const message = `provider.${id}`;
  return isMessageId(message) ? say(message) : id;
}
