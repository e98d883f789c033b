import type { Tracker } from '@tallykit/tracker-sdk';
import { trackedFetch } from '@tallykit/tracker-sdk/fetch';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  const { LLM_BASE_URL = 'https://api.groq.com/openai/v1', LLM_API_KEY = 'no key' } = process.env;
  const fetch = trackedFetch(tracker);
  return tracker.run({ customerId, flow: 'support' }, async () => {
    const response = await fetch(`${LLM_BASE_URL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${LLM_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'llama-3.3-70b-versatile',
        messages: [{ role: 'user', content: question }],
      }),
    });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    return choices[0]?.message.content ?? '';
  });
}
