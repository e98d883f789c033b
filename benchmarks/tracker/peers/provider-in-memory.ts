import { completionText, streamText } from '../provider-answers.ts';

/** A mark that no other call has, which every wrapper carries in what it sends: in the prompt, the answer or its id. */
export function markOf(call: number): string {
  return `tk${String(call).padStart(7, '0')}kt`;
}

/** Finds the marks in what arrived, whatever its format. */
export const markPattern = /tk(\d{7})kt/g;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function responseId(mark: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `chatcmpl-${mark}${Array.from(bytes, (byte) => letters[byte % letters.length]).join('')}`;
}

/** A request for a call, streamed or not. */
export function requestOf(call: number, stream = false): object {
  return {
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: `Where is my parcel ${markOf(call)}?` }],
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}

/** A `fetch` that answers at once what the request asked for, with the request's mark in the answer's id. */
export function answerInMemory(chunks: number): typeof fetch {
  const streamed = streamText(chunks);
  return async (_address, options) => {
    const asked = typeof options?.body === 'string' ? options.body : '';
    const mark = /tk\d{7}kt/.exec(asked)?.[0] ?? markOf(0);
    const isStream = asked.includes('"stream":true');
    const text = (isStream ? streamed : completionText).replaceAll('chatcmpl_bench', responseId(mark));
    return new Response(text, {
      headers: {
        'content-type': isStream ? 'text/event-stream' : 'application/json',
        'x-request-id': 'req_bench',
      },
    });
  };
}
