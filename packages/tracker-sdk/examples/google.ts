import { GoogleGenAI } from '@google/genai';
import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapGoogle } from '@tallykit/tracker-sdk/google';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  const google = wrapGoogle(new GoogleGenAI({ apiKey: process.env['GEMINI_API_KEY'] ?? 'no key' }), tracker);
  return tracker.run({ customerId, flow: 'support' }, async () => {
    const request = { model: 'gemini-2.5-flash', contents: question };
    let answer = '';
    for await (const chunk of await google.models.generateContentStream(request)) answer += chunk.text ?? '';
    return answer;
  });
}
