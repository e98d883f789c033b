import type { Tracker, TrackerOptions } from '@tallykit/tracker-sdk';
import { loadPackage } from '../load-package.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface TrackerPackage {
  readonly createTracker: (options: TrackerOptions) => Tracker;
}
interface OpenAIPackage {
  readonly wrapOpenAI: (client: ChatClient, tracker: Tracker) => ChatClient;
}

/** Ours. */
export const tallykit: Peer = {
  id: 'tallykit',
  name: 'Tallykit',
  packages: ['@tallykit/tracker-sdk'],
  imports: `import { createTracker } from '@tallykit/tracker-sdk';\nimport { wrapOpenAI } from '@tallykit/tracker-sdk/openai';`,
  note: 'each call attributed to a customer, a product, a flow, a user and a conversation',
  answer: (_path, body) => {
    const { events } = JSON.parse(body()) as { events?: readonly unknown[] };
    return JSON.stringify({ accepted: events?.length ?? 0, duplicates: 0, problems: [] });
  },
  async open({ endpoint, fetch, OpenAI }) {
    const { createTracker } = await loadPackage<TrackerPackage>('@tallykit/tracker-sdk');
    const { wrapOpenAI } = await loadPackage<OpenAIPackage>('@tallykit/tracker-sdk/openai');
    const tracker = createTracker({ endpoint, apiKey: 'tk_ingest_bench', flushAtExit: false });
    return {
      client: wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch }), tracker),
      flush: () => tracker.flush(),
      within: (index, call) =>
        tracker.run(
          {
            customerId: `cus_${index % 40}`,
            productId: 'support-agent',
            flow: 'triage',
            userId: `user_${index % 400}`,
            conversationId: `conversation_${index % 900}`,
          },
          call,
        ),
      lost: () => Object.values(tracker.stats().lost).reduce((sum, count) => sum + count, 0),
    };
  },
};
