import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapCohere } from '@tallykit/tracker-sdk/cohere';
import { CohereClientV2 } from 'cohere-ai';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  const token = process.env['CO_API_KEY'] ?? 'no key';
  const cohere = wrapCohere(new CohereClientV2({ token, baseUrl: process.env['CO_API_URL'] }), tracker);
  return tracker.run({ customerId, flow: 'support' }, async () => {
    const messages = [{ role: 'user' as const, content: question }];
    let answer = '';
    for await (const event of await cohere.chatStream({ model: 'command-a-03-2025', messages }))
      if (event.type === 'content-delta') answer += event.delta?.message?.content?.text ?? '';
    return answer;
  });
}
