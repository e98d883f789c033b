import { conversationAnswerSchema } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { adminOf, createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { tellEvents } from '../testing/questions/tell-events.ts';
import { readConversation } from './read-conversation.ts';

const costs = { list: '1', effective: '0.7', charge: '1.3' };
const conversationId = 'conv 7';

describe('readConversation', () => {
  it('is three calls and one sum for three turns, with all that happened around them', async () => {
    const stand = await createQuestionStand();
    const talk = { conversationId, customerId: 'cus_1', flow: 'triage' };
    await tellEvents(
      stand,
      '2026-11-19T09:00:00Z',
      { kind: 'conversation_message', role: 'user', ...talk },
      { kind: 'flow_run', runId: 'r1', status: 'running', trigger: 'user', ...talk },
      { kind: 'tool_call', tool: 'search', server: 'docs', status: 'ok', durationMs: 7, ...talk },
      { kind: 'signal', name: 'resolved', value: { type: 'saved', amount: '4.5' }, ...talk },
    );
    await stand.calls(
      { at: '2026-11-19T09:01:00Z', ...talk, messageId: 'm1', cost: costs },
      { at: '2026-11-19T09:02:00Z', ...talk, cost: costs },
      { at: '2026-11-19T09:03:00Z', ...talk, usage: { output: 7 }, cost: { pending: 'no_price' } },
      { at: '2026-11-19T09:03:00Z', conversationId: 'another', cost: costs },
    );
    await tellEvents(stand, '2026-11-19T09:04:00Z', {
      kind: 'flow_run',
      runId: 'r1',
      status: 'completed',
      trigger: 'user',
      durationMs: 240_000,
      ...talk,
    });
    const answer = await readConversation(stand.door, operator, conversationId);
    expect(conversationAnswerSchema.safeParse(answer).success).toBe(true);
    expect(answer).toMatchObject({
      firstAt: '2026-11-19T09:00:00.000Z',
      lastAt: '2026-11-19T09:04:00.000Z',
      truncated: false,
      totals: {
        calls: 3,
        tokens: 207,
        cost: [{ amount: '1.4', currency: 'USD' }],
        pending: { calls: 1, tokens: 7 },
      },
      messages: [{ role: 'user', at: '2026-11-19T09:00:00.000Z' }],
      toolCalls: [{ tool: 'search', server: 'docs', status: 'ok', durationMs: 7, errorClass: null }],
      signals: [{ name: 'resolved', quantity: 1, value: { type: 'saved', amount: '4.5', currency: null } }],
      flowRuns: [{ runId: 'r1', flow: 'triage', status: 'completed', durationMs: 240_000 }],
    });
    expect(
      answer.calls.map(({ messageId, tokens, pending, cost }) => [messageId, tokens, pending, cost]),
    ).toEqual([
      ['m1', 100, false, { amount: '0.7', currency: 'USD' }],
      [null, 100, false, { amount: '0.7', currency: 'USD' }],
      [null, 7, true, null],
    ]);
  });

  it('shows a customer its own part at its own charge, without names when the host hides them', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      {
        at: '2026-11-19T09:00:00Z',
        conversationId,
        customerId: 'cus_1',
        cost: costs,
        responseId: 'canary',
        providerIds: { requestId: 'canary' },
      },
      {
        at: '2026-11-19T09:00:01Z',
        conversationId,
        customerId: 'cus_2',
        requestModel: 'canary',
        cost: costs,
      },
    );
    const door = stand.doorWith({ showProviderNames: false });
    const { calls, totals, freshness, scope } = await readConversation(
      door,
      adminOf('cus_1'),
      conversationId,
    );
    expect(scope.customerId).toBe('cus_1');
    expect(totals).toMatchObject({ calls: 1, cost: [{ amount: '1.3', currency: 'USD' }] });
    expect(calls).toMatchObject([{ model: null, cost: { amount: '1.3' } }]);
    expect(JSON.stringify(calls)).not.toMatch(/canary|0\.7|gpt/);
    expect(freshness.withheld).toEqual(expect.arrayContaining(['providerIds', 'requestModel', 'effective']));
  });

  it('counts a response that was seen twice once, and marks the second sighting', async () => {
    const stand = await createQuestionStand();
    const twice = { conversationId, responseId: 'r1', cost: costs };
    await stand.calls({ at: '2026-11-19T09:00:00Z', ...twice }, { at: '2026-11-19T09:00:01Z', ...twice });
    const { calls, totals } = await readConversation(stand.door, operator, conversationId);
    expect(totals).toMatchObject({ calls: 1, cost: [{ amount: '0.7' }] });
    expect(calls.map(({ superseded, cost }) => [superseded, cost === null])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('gives the same 404 for a foreign conversation, an unknown one, and what can be none', async () => {
    const stand = await createQuestionStand();
    await stand.calls({ at: '2026-11-19T09:00:00Z', conversationId, customerId: 'cus_1', cost: costs });
    const asked = [conversationId, 'unknown', '\u0000', 'half \ud800', 'x'.repeat(201)];
    const refusals = await Promise.all(
      asked.map((id) => refusalOf(readConversation(stand.door, adminOf('cus_2'), id))),
    );
    expect(refusals[0]).toMatchObject({ status: 404, code: 'not_found' });
    for (const refusal of refusals) expect({ ...refusal, text: '' }).toEqual({ ...refusals[0], text: '' });
  });

  it('holds a thousand events and the totals of all', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      ...Array.from({ length: 1005 }, (_, index) => ({
        at: new Date(Date.UTC(2026, 10, 19, 9) + index).toISOString(),
        conversationId,
        cost: { list: '0.001' },
      })),
    );
    const { calls, truncated, totals } = await readConversation(stand.door, operator, conversationId);
    expect(calls).toHaveLength(1000);
    expect(truncated).toBe(true);
    expect(totals).toMatchObject({ calls: 1005, cost: [{ amount: '1.005', currency: 'USD' }] });
  });
});
