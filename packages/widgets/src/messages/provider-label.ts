import type { Speech } from './speech.ts';

/** How a provider writes its own name; an id that is not known shows as itself. */
export function providerLabel(id: string, { say, knows }: Pick<Speech, 'say' | 'knows'>): string {
  const message = `provider.${id}`;
  return knows(message) ? say(message) : id;
}
