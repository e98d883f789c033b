import { createHash } from 'node:crypto';
import type { LlmCallEvent, Principal, TokenUsage, UsageEvent } from '@tallykit/protocol';
import { permissions } from '@tallykit/protocol';
import { createDoor, type Door, type DoorSettings } from '../../datasets/run-query.ts';
import { createManualClock } from '../../primitives/clock.ts';
import { uuidV7 } from '../../primitives/uuid-v7.ts';
import type { CostDraft } from '../../storage/contract/append.ts';
import type { OrganizationStore, Storage } from '../../storage/contract/storage.ts';
import { referenceStorage } from '../reference/reference-storage.ts';

/** One call as a test tells of it; everything else has a plain value. */
export interface TestCall extends Partial<Omit<LlmCallEvent, 'kind' | 'id'>> {
  /** Start, an instant in UTC. */
  readonly at: string;
  /** What it cost, in USD unless told otherwise; pending with this reason when there is no amount. */
  readonly cost?:
    | {
        readonly list: string;
        readonly effective?: string;
        readonly charge?: string;
        readonly currency?: string;
      }
    | { readonly pending: string }
    | undefined;
}

/** A reference store with one organization, and the door to it. */
export interface QuestionStand {
  readonly store: OrganizationStore;
  readonly door: Door;
  readonly clock: ReturnType<typeof createManualClock>;
  /** Appends calls, rolls them up, and gives their ids. */
  calls(...calls: readonly TestCall[]): Promise<readonly string[]>;
  /** Appends any events without a cost. */
  events(...events: readonly { at: string; event: (id: string) => UsageEvent }[]): Promise<readonly string[]>;
  rollUp(): Promise<void>;
  /** Gives a call another cost and rolls that up. */
  reprice(eventId: string | undefined, from: TestCall['cost'], to: TestCall['cost']): Promise<void>;
  /** The same store seen through other settings. */
  doorWith(settings: Partial<DoorSettings>): Door;
}

/** The organization of every stand. */
export const organizationId = 'acme';

/** An operator of the organization. */
export const operator: Principal = {
  organizationId,
  subject: 'ops@acme.example',
  role: 'operator',
  permissions,
  expiresAt: null,
};

/** The admin of a customer account. */
export function adminOf(customerId: string, more: Partial<Principal> = {}): Principal {
  return {
    organizationId,
    subject: `admin@${customerId}.example`,
    role: 'customer_admin',
    customerId,
    permissions: ['analytics.view', 'reports.manage'],
    expiresAt: null,
    ...more,
  };
}

/** A cost draft as pricing makes it. */
export function draftOf(cost: TestCall['cost']): CostDraft {
  if (cost === undefined || 'pending' in cost) {
    return {
      ...emptyDraft,
      kind: 'pending',
      reason: cost === undefined ? 'no_price' : cost.pending,
    };
  }
  const { list, effective = list, charge = list, currency = 'USD' } = cost;
  return {
    ...emptyDraft,
    kind: 'priced',
    currency,
    list,
    effective,
    charge,
    listPriceId: 'p1',
    effectivePriceId: 'p1',
  };
}

const emptyDraft: CostDraft = {
  kind: 'pending',
  reason: null,
  currency: null,
  list: null,
  effective: null,
  charge: null,
  listPriceId: null,
  effectivePriceId: null,
  lines: [],
};

const usualUsage: TokenUsage = { input: 80, output: 20 };

/** Makes a stand. `now` is an instant in UTC; the organization's zone is UTC unless told. */
export async function createQuestionStand(
  options: {
    /** The reference store unless told. */
    readonly storage?: Storage;
    readonly now?: string;
    readonly timeZone?: string;
    readonly settings?: Partial<DoorSettings>;
  } = {},
): Promise<QuestionStand> {
  const { now = '2026-11-20T10:42:00.000Z', timeZone = 'UTC', settings = {} } = options;
  const clock = createManualClock(Date.parse(now));
  const storage = options.storage ?? referenceStorage({ clock });
  await storage.ensureOrganization({ id: organizationId, name: 'Acme', timeZone });
  const store = storage.forOrganization({ organizationId, subject: 'test' });
  const doorWith = (changed: Partial<DoorSettings>): Door =>
    createDoor({
      storage,
      clock,
      settings: { showProviderNames: true, tokenUsageWindowDays: 90, ...settings, ...changed },
    });
  let made = 0;
  const nextId = (at: string): string => {
    made += 1;
    const number = made;
    return uuidV7(Date.parse(at), (bytes) => {
      bytes.fill(0);
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(bytes.byteLength - 4, number);
    });
  };
  const rollUp = async (): Promise<void> => {
    for (let step = await store.advanceRollups(1000); step.from !== step.to;)
      step = await store.advanceRollups(1000);
  };
  const append = async (events: readonly { event: UsageEvent; at: string; cost: CostDraft | null }[]) => {
    const { priceVersion } = await store.logHead();
    const result = await store.append({
      priceVersion,
      events: events.map(({ event, at, cost }) => ({
        event,
        hash: createHash('sha256').update(event.id).digest('hex'),
        occurredAt: Date.parse(at),
        receivedAt: Date.parse(at) + 500,
        clockAhead: false,
        keyId: null,
        cost,
      })),
    });
    if (result.status !== 'appended') throw new Error('The stand could not append.');
    await rollUp();
    return events.map(({ event }) => event.id);
  };
  return {
    store,
    clock,
    rollUp,
    doorWith,
    async reprice(eventId = '', from, to) {
      const { priceVersion } = await store.logHead();
      const { applied } = await store.reviseCosts(
        [{ eventId, expected: draftOf(from), next: draftOf(to) }],
        priceVersion,
      );
      if (applied !== 1) throw new Error('The stand could not re-price the call.');
      await rollUp();
    },
    door: doorWith({}),
    calls: (...calls) =>
      append(
        calls.map(({ at, cost, ...told }) => {
          const id = nextId(at);
          const { usage = usualUsage, ...rest } = told;
          const event: UsageEvent = {
            kind: 'llm_call',
            id,
            traceId: 'a'.repeat(32),
            callId: id,
            attempt: 1,
            final: true,
            provider: 'openai',
            requestModel: 'gpt-4o-mini',
            operation: 'chat',
            status: 'ok',
            complete: true,
            durationMs: 900,
            ...('usage' in told && told.usage === undefined ? {} : { usage }),
            ...rest,
          };
          return { event, at, cost: draftOf(cost) };
        }),
      ),
    events: (...events) =>
      append(events.map(({ at, event }) => ({ event: event(nextId(at)), at, cost: null }))),
  };
}

/** The status and code that a promise is refused with. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ status: unknown; code: unknown; text: string }> {
  try {
    await promise;
  } catch (error) {
    const { status, code } = error as { status?: unknown; code?: unknown };
    return { status, code, text: JSON.stringify(error, Object.getOwnPropertyNames(error)) };
  }
  throw new Error('It was not refused.');
}
