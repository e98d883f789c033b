import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapBedrock } from '@tallykit/tracker-sdk/bedrock';

export async function answerTicket(tracker: Tracker, customerId: string, question: string): Promise<string> {
  const bedrock = wrapBedrock(new BedrockRuntimeClient({}), tracker);
  return tracker.run({ customerId, flow: 'support' }, async () => {
    const command = new ConverseStreamCommand({
      modelId: 'us.amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: question }] }],
    });
    let answer = '';
    for await (const { contentBlockDelta } of (await bedrock.send(command)).stream ?? [])
      answer += contentBlockDelta?.delta?.text ?? '';
    return answer;
  });
}
