import { english, type MessageId } from './english.ts';

/** Whether there is a text of this name. */
export function isMessageId(name: string): name is MessageId {
  return Object.hasOwn(english, name);
}
