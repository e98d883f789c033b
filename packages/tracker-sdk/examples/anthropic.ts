import Anthropic from '@anthropic-ai/sdk';
import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapAnthropic } from '@tallykit/tracker-sdk/anthropic';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  const anthropic = wrapAnthropic(
    new Anthropic({ apiKey: process.env['ANTHROPIC_API_KEY'] ?? 'no key' }),
    tracker,
  );
  return tracker.run({ customerId, flow: 'support' }, async () => {
    const messages = [{ role: 'user' as const, content: question }];
    const stream = anthropic.messages.stream({ model: 'claude-sonnet-5', max_tokens: 1024, messages });
    return stream.finalText();
  });
}
