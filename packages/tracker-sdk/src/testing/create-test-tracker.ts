import type { IngestAnswer, IngestRequest, LlmCallEvent, SignalEvent, UsageEvent } from '@tallykit/protocol';
import { createTracker } from '../create-tracker.ts';
import type { TrackerOptions } from '../tracker-options.ts';
import type { Tracker } from '../tracker.ts';

/** A tracker that keeps what it would have sent. */
export interface TestTracker extends Tracker {
  /** Everything recorded so far, in the order of arrival. */
  readonly events: () => Promise<readonly UsageEvent[]>;
  /** The LLM calls among the events, every attempt. */
  readonly calls: () => Promise<readonly LlmCallEvent[]>;
  readonly signals: () => Promise<readonly SignalEvent[]>;
  /** The whole requests, as a server would get them. */
  readonly requests: () => readonly IngestRequest[];
}

/** Settings of {@link createTestTracker}. */
export interface TestTrackerOptions extends Omit<
  TrackerOptions,
  'transport' | 'endpoint' | 'apiKey' | 'fetch'
> {
  /** Answers each request. Default: everything is accepted. */
  readonly answer?: ((request: IngestRequest) => IngestAnswer | Promise<IngestAnswer>) | undefined;
}

/**
 * A real tracker that delivers into memory: for tests of code that records calls. It makes no request and rejects
 * anything that would.
 *
 * @example
 * const tracker = createTestTracker();
 * const openai = wrapOpenAI(new OpenAI({ baseURL: provider.baseURL }), tracker);
 * await answerTicket(openai, tracker);
 * expect(await tracker.calls()).toHaveLength(1);
 */
export function createTestTracker(options: TestTrackerOptions = {}): TestTracker {
  const { answer = acceptAll, ...rest } = options;
  const requests: IngestRequest[] = [];
  const tracker = createTracker({
    flushAtExit: false,
    ...rest,
    fetch: () =>
      Promise.reject(new Error('A test tracker has no server, so nothing may be fetched through it.')),
    transport: async (request) => {
      requests.push(request);
      return answer(request);
    },
  });
  const events = async (): Promise<readonly UsageEvent[]> => {
    await tracker.flush();
    return requests.flatMap((request) => request.events);
  };
  return {
    ...tracker,
    events,
    calls: async () => (await events()).filter((event) => event.kind === 'llm_call'),
    signals: async () => (await events()).filter((event) => event.kind === 'signal'),
    requests: () => requests,
  };
}

function acceptAll(request: IngestRequest): IngestAnswer {
  return { accepted: request.events.length, duplicates: 0, problems: [] };
}
