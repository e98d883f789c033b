import OpenAI from 'openai';
import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { planCall, type PlannedCall } from '../history/plan-day.ts';
import type { Random } from '../history/seeded-random.ts';
import { planHeader, type PlannedReply } from './reply-as-planned.ts';

/** One call that the assistant has just made, as the host itself remembers it. */
export interface RecentCall {
  readonly traceId: string;
  readonly startedAt: string;
  readonly customerId: string | null;
  readonly flow: string;
  readonly model: string;
}

/** The helpdesk's assistant at work. */
export interface LiveTraffic {
  /** Newest first, at most 20; a call is told of when it has had the time to be delivered. */
  readonly recent: () => readonly RecentCall[];
  readonly stop: () => Promise<void>;
}

const keptCalls = 20;
/** The tracker waits a second for company before it sends. */
const deliveredAfterMs = 2_000;

/** Makes a call every `everyMs` or so with the `openai` package, half of them streamed, until it is stopped. */
export function startLiveTraffic(options: {
  readonly tracker: Tracker;
  /** Address of the provider; the demo's fake one stands in for every host that speaks OpenAI's wire format. */
  readonly baseURL: string;
  readonly everyMs: number;
  readonly random: Random;
  readonly now: () => number;
  /** Calls the assistant's customers would see fail; told to the operator of the demo. */
  readonly onError: (error: unknown) => void;
}): LiveTraffic {
  const { tracker, random, now } = options;
  const ended: (RecentCall & { readonly endedAt: number })[] = [];
  const clients = new Map<string, OpenAI>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let stopped = false;

  function clientOf(provider: string): OpenAI {
    const known = clients.get(provider);
    if (known) return known;
    const client = wrapOpenAI(
      new OpenAI({ apiKey: 'demo', baseURL: options.baseURL, maxRetries: 1 }),
      tracker,
      { provider },
    );
    clients.set(provider, client);
    return client;
  }

  async function answerTicket(call: PlannedCall): Promise<void> {
    const plan: PlannedReply = {
      id: `live_${crypto.randomUUID()}`,
      input: call.input + call.cached,
      cached: call.cached,
      output: call.output,
      delayMs: Math.min(call.durationMs, 1_500),
    };
    const attribution = {
      ...(call.customer ? { customerId: call.customer.id, userId: call.userId } : {}),
      productId: call.flow.productId,
      flow: call.flow.id,
      configuration: call.configuration,
      conversationId: call.conversationId,
    };
    await tracker.run(attribution, async (context) => {
      const startedAt = new Date(now()).toISOString();
      const messages = [{ role: 'user' as const, content: 'Where is my parcel?' }];
      const request = { model: call.flow.model, messages };
      const headers = { [planHeader]: JSON.stringify(plan) };
      const completions = clientOf(call.flow.provider).chat.completions;
      if (random() < 0.5) {
        const stream = await completions.create(
          { ...request, stream: true, stream_options: { include_usage: true } },
          { headers },
        );
        for await (const chunk of stream) void chunk;
      } else {
        await completions.create(request, { headers });
      }
      ended.unshift({
        traceId: context.traceId,
        startedAt,
        endedAt: now(),
        customerId: call.customer?.id ?? null,
        flow: call.flow.name,
        model: call.flow.model,
      });
      ended.length = Math.min(ended.length, keptCalls);
      if (random() < 0.3)
        tracker.signal('ticket_resolved', { value: { type: 'saved_cost', amount: '4.50', currency: 'USD' } });
    });
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(
      () => {
        working = answerTicket(planCall(now(), random)).catch(options.onError);
        next();
      },
      options.everyMs * (0.5 + random()),
    );
  }

  next();
  return {
    recent: () =>
      ended.filter((call) => call.endedAt + deliveredAfterMs < now()).map(({ endedAt: _, ...call }) => call),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
