import type { Answer } from './read-result.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the model wrote in one chunk of a completion: text, reasoning, a refusal, or arguments of tools. */
export function writtenInChunk({ choices }: Answer): string {
  let written = '';
  for (const choice of (choices ?? []) as readonly Answer[]) {
    const delta = (choice['delta'] ?? choice) as Answer;
    // A host that sends its reasoning under two names sends it twice.
    written +=
      text(delta['content'] ?? delta['text']) + text(delta['reasoning'] ?? delta['reasoning_content']);
    written += text(delta['refusal']);
    for (const call of (delta['tool_calls'] ?? []) as readonly { readonly function?: Answer }[])
      written += text(call.function?.['arguments']);
  }
  return written;
}

/**
 * What the model wrote in one event of a stream of events. The events that close a part say all of it again, under other
 * names, and pieces of sound are no text.
 */
export const writtenInEvent = ({ type, delta }: Answer): string =>
  /audio/.test(String(type)) ? '' : text(delta);
