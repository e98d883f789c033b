import { Mistral } from '@mistralai/mistralai';
import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapMistral } from '@tallykit/tracker-sdk/mistral';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  const { MISTRAL_API_KEY = 'no key', MISTRAL_SERVER_URL } = process.env;
  const mistral = wrapMistral(
    new Mistral({ apiKey: MISTRAL_API_KEY, serverURL: MISTRAL_SERVER_URL }),
    tracker,
  );
  return tracker.run({ customerId, flow: 'support' }, async () => {
    const messages = [{ role: 'user' as const, content: question }];
    let answer = '';
    for await (const { data } of await mistral.chat.stream({ model: 'mistral-small-latest', messages })) {
      const content = data.choices[0]?.delta.content;
      if (typeof content === 'string') answer += content;
    }
    return answer;
  });
}
