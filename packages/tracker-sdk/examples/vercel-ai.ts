import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Tracker } from '@tallykit/tracker-sdk';
import { tallykitMiddleware } from '@tallykit/tracker-sdk/vercel-ai';
import { streamText, wrapLanguageModel } from 'ai';

export async function answerTicket(
  tracker: Tracker,
  bare: LanguageModelV4,
  ticket: { readonly customerId: string; readonly question: string },
): Promise<string> {
  const model = wrapLanguageModel({ model: bare, middleware: tallykitMiddleware(tracker) });
  return tracker.run({ customerId: ticket.customerId, flow: 'support' }, async () => {
    let answer = '';
    for await (const text of streamText({ model, prompt: ticket.question }).textStream) answer += text;
    return answer;
  });
}
