import type { CallAnswer, ConversationAnswer, IngestAnswer, TraceAnswer } from '@tallykit/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PrincipalClaim } from '../access/principal.ts';
import { uuidV7 } from '../primitives/uuid-v7.ts';
import { openTestTallykit, type TestTallykit } from '../testing/open-test-tallykit.ts';

const operator: PrincipalClaim = { subject: 'ops', role: 'operator' };
const adminOf = (customerId: string): PrincipalClaim => ({
  subject: 'ada',
  role: 'customer_admin',
  customerId,
});
const traceId = '0123456789abcdef0123456789abcdef';
const unknownTrace = 'f123456789abcdef0123456789abcdef';
const other = { id: 'other', name: 'Other', timeZone: 'UTC' };

describe('a call of one customer', () => {
  let server: TestTallykit;
  let id: string;
  let unknown: string;
  const ask = <Body>(route: string, as: PrincipalClaim) => server.ask<Body>(route, { as });

  beforeAll(async () => {
    server = openTestTallykit({ organizations: [other] });
    id = uuidV7(server.clock.now());
    unknown = uuidV7(server.clock.now());
    const call = {
      kind: 'llm_call',
      id,
      traceId,
      customerId: 'acme',
      conversationId: 'conv 7',
      callId: id,
      attempt: 1,
      final: true,
      provider: 'openai',
      requestModel: 'gpt-4o-mini',
      operation: 'chat',
      status: 'ok',
      complete: true,
      durationMs: 200,
      usage: { input: 1000, output: 500 },
      providerIds: { requestId: 'canary-request-id' },
    };
    const body = { protocol: 1, sentAt: '2026-11-20T10:42:00.000Z', events: [call] };
    const { body: answer } = await server.ask<IngestAnswer>('POST /v1/events', {
      token: await server.key(),
      body,
    });
    expect(answer).toEqual({ accepted: 1, duplicates: 0, problems: [] });
  });

  it('is there for operators and its own admins, without provider identifiers for the latter', async () => {
    const seen = await ask<CallAnswer>(`GET /v1/calls/${id}`, operator);
    expect(seen.body.call.providerIds?.requestId).toBe('canary-request-id');
    const own = await ask<CallAnswer>(`GET /v1/calls/${id}`, adminOf('acme'));
    expect(own.body.cost).toEqual({
      state: 'priced',
      reason: null,
      charge: { amount: '0.00045', currency: 'USD' },
    });
    const { freshness, ...shown } = own.body;
    expect(JSON.stringify(shown)).not.toMatch(/canary|effective|listPrice/);
    expect(freshness.withheld).toEqual(expect.arrayContaining(['providerIds', 'effective', 'prices']));
    expect((await ask<TraceAnswer>(`GET /v1/traces/${traceId}`, adminOf('acme'))).body.totals.calls).toBe(1);
    const talk = await ask<ConversationAnswer>('GET /v1/conversations/conv%207', adminOf('acme'));
    expect(talk.body.calls).toMatchObject([{ id, cost: { amount: '0.00045', currency: 'USD' } }]);
    expect(JSON.stringify({ ...talk.body, freshness: null })).not.toMatch(/canary|effective|listPrice/);
  });

  it.each([
    ['an admin of another customer', adminOf('rival')],
    ['an operator of another organization', { ...operator, organizationId: 'other' }],
    ['an admin of the same name in another organization', { ...adminOf('acme'), organizationId: 'other' }],
  ])('looks to %s like one that does not exist', async (_, as) => {
    const answers = async (route: string) => {
      const { status, body } = await ask<Record<string, unknown>>(route, as);
      return { ...body, status, instance: '' };
    };
    expect(await answers(`GET /v1/calls/${id}`)).toEqual(await answers(`GET /v1/calls/${unknown}`));
    expect(await answers(`GET /v1/traces/${traceId}`)).toEqual(
      await answers(`GET /v1/traces/${unknownTrace}`),
    );
    expect(await answers('GET /v1/conversations/conv%207')).toEqual(
      await answers('GET /v1/conversations/unknown'),
    );
    expect((await answers(`GET /v1/calls/${id}`)).status).toBe(404);
    expect((await answers('GET /v1/conversations/conv%207')).status).toBe(404);
  });
});
