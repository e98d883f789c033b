import type { Fetch } from '../tracked-fetch.ts';

export const chat = 'https://api.openai.com/v1/chat/completions';
/** A request for a model. */
export const asked = (body: object): RequestInit => ({
  method: 'POST',
  body: JSON.stringify({ model: 'm', ...body }),
});

/** A fetch that answers this, whatever it is asked. */
export const answering =
  (
    body: ConstructorParameters<typeof Response>[0],
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Fetch =>
  async () =>
    new Response(body, { headers });

