import { customers, type HelpdeskCustomer } from '../helpdesk/customers.ts';
import { flows, type HelpdeskFlow } from '../helpdesk/flows.ts';
import { pickWeighted, seededRandom, type Random } from './seeded-random.ts';

/** One call that the helpdesk's assistant makes. */
export interface PlannedCall {
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Null for the few calls that a background job forgot to attribute. */
  readonly customer: HelpdeskCustomer | null;
  readonly userId: string;
  readonly conversationId: string;
  readonly flow: HelpdeskFlow;
  readonly configuration: string;
  /** Not from cache. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly durationMs: number;
  readonly aborted: boolean;
}

const dayMs = 86_400_000;
const callsOnAWeekday = 230;
const growthADay = 0.0035;
/** Share of a day's calls that start in each hour, UTC. */
const hourWeights = [1, 1, 1, 1, 1, 2, 4, 9, 13, 14, 13, 11, 10, 12, 13, 11, 9, 6, 4, 3, 2, 2, 1, 1].map(
  (weight, hour) => ({ hour, weight }),
);

function around(typical: number, random: Random): number {
  return Math.max(1, Math.round(typical * (0.55 + 0.9 * random())));
}

/** One call that starts at `startedAt`. */
export function planCall(startedAt: number, random: Random): PlannedCall {
  const customer = pickWeighted(customers, random);
  const flow = pickWeighted(flows, random);
  const prompt = around(flow.promptTokens, random);
  const cached = Math.round(prompt * flow.cachedShare * (0.6 + 0.8 * random()));
  const user = 1 + Math.floor(random() * customer.users);
  return {
    startedAt,
    customer: random() < 0.002 ? null : customer,
    userId: `${customer.id}-user-${user}`,
    conversationId: `${customer.id}-${Math.floor(startedAt / dayMs)}-${Math.floor(random() * 1e6).toString(36)}`,
    flow,
    configuration: random() < 0.2 ? 'prompts-13' : 'prompts-12',
    input: Math.max(1, prompt - Math.min(cached, prompt - 1)),
    cached: Math.min(cached, prompt - 1),
    output: around(flow.completionTokens, random),
    durationMs: around(flow.durationMs, random),
    aborted: random() < 0.003,
  };
}

/**
 * The calls of one UTC day, oldest first. The same day gives the same calls on every machine and at every start.
 *
 * @param day Unix milliseconds of the day's start, a multiple of 86,400,000.
 */
export function planDay(day: number): readonly PlannedCall[] {
  const random = seededRandom(`helpdesk ${new Date(day).toISOString()}`);
  const weekday = new Date(day).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  const age = (day - Date.UTC(2026, 0, 1)) / dayMs;
  const volume = callsOnAWeekday * (1 + growthADay * Math.max(0, age % 365)) * (isWeekend ? 0.45 : 1);
  const count = Math.round(volume * (0.85 + 0.3 * random()));
  return Array.from({ length: count }, () => {
    const { hour } = pickWeighted(hourWeights, random);
    return planCall(day + hour * 3_600_000 + Math.floor(random() * 3_600_000), random);
  }).sort((one, other) => one.startedAt - other.startedAt);
}
