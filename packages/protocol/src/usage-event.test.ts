import { describe, expect, test } from 'vitest';
import { usageEventSchema, type UsageEvent } from './usage-event.ts';

const common = {
  id: '01938a5e-7c00-7000-8000-000000000001',
  traceId: '0af7651916cd43dd8448eb211c80319c',
} as const;
const call = {
  kind: 'llm_call',
  ...common,
  callId: 'c1',
  attempt: 1,
  final: true,
  provider: 'openai',
  requestModel: 'gpt-4o-mini',
  operation: 'chat',
  status: 'ok',
  complete: true,
  durationMs: 812,
  usage: { input: 900, cacheRead: 300, output: 120, reasoning: 0 },
} as const satisfies UsageEvent;

const oneOfEachKind: readonly UsageEvent[] = [
  call,
  {
    kind: 'signal',
    ...common,
    name: 'ticket_resolved',
    value: { type: 'saved_cost', amount: '4.50', currency: 'USD' },
  },
  { kind: 'workspace_runtime', ...common, workspaceId: 'w1', seconds: 30 },
  { kind: 'tool_call', ...common, tool: 'search', server: 'docs', status: 'ok', durationMs: 12 },
  { kind: 'conversation_message', ...common, conversationId: 'k1', role: 'user' },
  {
    kind: 'flow_run',
    ...common,
    flow: 'triage',
    runId: 'r1',
    status: 'completed',
    trigger: 'mail',
    durationMs: 900,
  },
  { kind: 'flow_step', ...common, flow: 'triage', runId: 'r1', step: 'classify' },
  { kind: 'goal_completion', ...common, goal: 'booking', value: { amount: '20', currency: 'EUR' } },
  {
    kind: 'telemetry',
    ...common,
    name: 'panel_opened',
    properties: { tab: 'usage', width: 640, dark: true },
  },
];

function issuesOf(value: unknown) {
  const parsed = usageEventSchema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues;
}

describe('usage events', () => {
  test.each(oneOfEachKind.map((event) => [event.kind, event] as const))('accepts a %s', (_, event) => {
    expect(usageEventSchema.parse(event)).toEqual(event);
  });

  test.each(oneOfEachKind.map((event) => [event.kind, event] as const))(
    'refuses a key that a %s does not have, by name',
    (_, event) => {
      expect(issuesOf({ ...event, prompt: 'canary' })).toMatchObject([
        { code: 'unrecognized_keys', keys: ['prompt'] },
      ]);
    },
  );

  test.each([
    ['usage', { usage: { input: 1, tokens: 2 } }, 'tokens'],
    ['value of a stated cost', { statedCost: { amount: '1', currency: 'USD', note: 'x' } }, 'note'],
    ['provider ids', { providerIds: { secret: 'x' } }, 'secret'],
  ])('refuses an unknown key inside %s', (_, part, key) => {
    expect(issuesOf({ ...call, ...part })).toMatchObject([{ code: 'unrecognized_keys', keys: [key] }]);
  });

  test.each([
    ['a negative bucket', { usage: { input: -1 } }],
    ['a broken number', { durationMs: Number.NaN }],
    ['a fraction of a token', { usage: { input: 1.5 } }],
    ['a count beyond exact integers', { durationMs: 2 ** 53 }],
    ['more tokens than any call can use', { usage: { input: 1e12 + 1 } }],
    ['such tokens in an estimate', { estimate: { method: 'x', usage: { output: 1e12 + 1 } } }],
    ['a float as money', { statedCost: { amount: 0.1, currency: 'USD' } }],
    ['an exponent in money', { statedCost: { amount: '1e-3', currency: 'USD' } }],
    ['thirteen decimal places', { statedCost: { amount: '0.0000000000001', currency: 'USD' } }],
    ['an id of another version', { id: '01938a5e-7c00-4000-8000-000000000001' }],
    ['an all-zero trace id', { traceId: '0'.repeat(32) }],
    ['an upper-case trace id', { traceId: common.traceId.toUpperCase() }],
    ['a control character in an id', { customerId: 'cus\u0000' }],
    ['an empty customer', { customerId: '' }],
    [
      'seventeen tags',
      { tags: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, 'v'])) },
    ],
    ['a tag longer than 256 characters', { tags: { note: 'x'.repeat(257) } }],
    ['a tag that is no text', { tags: { note: 1 } }],
    ['attempt 0', { attempt: 0 }],
    ['a status that is none', { status: 'fine' }],
  ])('refuses %s', (_, part) => {
    expect(issuesOf({ ...call, ...part })).not.toEqual([]);
  });

  test('keeps a bucket that was not reported absent', () => {
    const parsed = usageEventSchema.parse(call);
    expect(parsed.kind === 'llm_call' && parsed.usage && 'cacheWrite' in parsed.usage).toBe(false);
  });

  test('refuses a kind that does not exist', () => {
    expect(issuesOf({ ...common, kind: 'prompt' })).toMatchObject([{ path: ['kind'] }]);
  });
});
