import { ChatPromptTemplate } from '@langchain/core/prompts';
import { ChatOpenAI } from '@langchain/openai';
import type { Tracker } from '@tallykit/tracker-sdk';
import { tallykitHandler } from '@tallykit/tracker-sdk/langchain';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  const model = new ChatOpenAI({ model: 'gpt-4o-mini', apiKey: process.env['OPENAI_API_KEY'] ?? 'no key' });
  const chain = ChatPromptTemplate.fromTemplate('Answer shortly: {question}').pipe(model);
  const answer = await chain.invoke(
    { question },
    { callbacks: [tallykitHandler(tracker)], metadata: { tallykit: { customerId, flow: 'support' } } },
  );
  return answer.text;
}
