import { type Answer, fieldsOf, listOf, writtenOf } from '../../observe/read-value.ts';

/** What the model wrote in one chunk of a completion: text, reasoning, a refusal, or arguments of tools. */
export function writtenInChunk({ choices }: Answer): string {
  let written = '';
  for (const choice of listOf(choices)) {
    const delta = fieldsOf(choice['delta'] ?? choice);
    // A host that sends its reasoning under two names sends it twice.
    written += writtenOf(delta['content'] ?? delta['text']);
    written += writtenOf(delta['reasoning'] ?? delta['reasoning_content']);
    written += writtenOf(delta['refusal']);
    for (const call of listOf(delta['tool_calls']))
      written += writtenOf(fieldsOf(call['function'])['arguments']);
  }
  return written;
}

/**
 * What the model wrote in one event of a stream of events. The events that close a part say all of it again, under other
 * names, and pieces of sound are no text.
 */
export const writtenInEvent = ({ type, delta }: Answer): string =>
  /audio/.test(String(type)) ? '' : writtenOf(delta);
