import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import OpenAI from 'openai';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  // Takes OPENAI_API_KEY and OPENAI_BASE_URL from the environment.
  const openai = wrapOpenAI(new OpenAI(), tracker);
  return tracker.run({ customerId, flow: 'support' }, async () => {
    const stream = await openai.responses.create({ model: 'gpt-4o-mini', input: question, stream: true });
    let answer = '';
    for await (const event of stream) if (event.type === 'response.output_text.delta') answer += event.delta;
    return answer;
  });
}
