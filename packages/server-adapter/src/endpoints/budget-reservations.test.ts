import { budgetReservationAnswerSchema } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { uuidV7 } from '../primitives/uuid-v7.ts';
import { cap, openBudgets, operator } from '../testing/open-budgets.ts';

describe('a reservation', () => {
  it('lets a hundred at once take what is there, and gives back what is not spent', async () => {
    const { put, reserve, ask } = openBudgets();
    await put('cap', { ...cap, limit: { unit: 'money', amount: '1', currency: 'USD' } });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => reserve({ estimate: { amount: '0.07', currency: 'USD' } })),
    );
    const admitted = answers.map(({ body }) => body).filter((body) => body.admitted);
    expect(admitted).toHaveLength(14);
    expect(answers.filter(({ body }) => body.decision === 'block')).toHaveLength(86);
    const id = budgetReservationAnswerSchema.parse(admitted[0]).reservation?.id ?? '';
    expect((await ask(`DELETE /v1/budgets/reservations/${id}`, { as: operator })).status).toBe(204);
    expect((await reserve({ estimate: { amount: '0.07', currency: 'USD' } })).body.admitted).toBe(true);
    expect((await reserve({ estimate: { amount: '0.07', currency: 'USD' } })).body.admitted).toBe(false);
  });

  it('holds the average of the window, and a thousandth of the limit where there is none', async () => {
    const { put, reserve, spend, get } = openBudgets();
    await put('cap', { ...cap, limit: { unit: 'money', amount: '0.1', currency: 'USD' } });
    await put('tokens', { ...cap, limit: { unit: 'tokens', amount: 10_000 } });
    const reserved = async () =>
      Promise.all(['cap', 'tokens'].map(async (id) => (await get(id)).body.status.reserved.amount));
    await reserve({});
    expect(await reserved()).toEqual(['0.0001', 10]);
    await spend();
    await reserve({});
    expect(await reserved()).toEqual(['0.00055', 1510]);
    await reserve({ estimate: { amount: '5', currency: 'EUR' } });
    expect(await reserved()).toEqual(['0.001', 3010]);
  });

  it('holds once under one id, refuses another body there, and ends by the clock', async () => {
    const { put, reserve, check, clock } = openBudgets();
    await put('cap', { ...cap, limit: { unit: 'tokens', amount: 10 } });
    const id = uuidV7(clock.now());
    const first = await reserve({ id, estimate: { tokens: 10 }, seconds: 30 });
    expect(first.body).toMatchObject({
      ...{ admitted: true, decision: 'allow', reservation: { id, expiresAt: '2026-11-20T10:42:30.000Z' } },
    });
    expect((await reserve({ id, estimate: { tokens: 10 }, seconds: 30 })).body).toMatchObject({
      ...{ admitted: true, decision: 'allow', reservation: { id } },
    });
    expect(await reserve({ id, estimate: { tokens: 9 }, seconds: 30 })).toMatchObject({
      ...{ status: 409, body: { code: 'reservation_conflict' } },
    });
    expect((await check({ customerId: 'acme' })).body.decision).toBe('block');
    clock.advance(30_000);
    expect((await check({ customerId: 'acme' })).body.decision).toBe('allow');
  });

  it('waits for the event it was released for, and counts neither twice nor not at all', async () => {
    const { put, reserve, ask, get, spend, clock } = openBudgets();
    await put('cap', { ...cap, limit: { unit: 'tokens', amount: 10_000 } });
    const { body } = await reserve({ estimate: { tokens: 2000 } });
    const event = uuidV7(clock.now());
    await ask(`DELETE /v1/budgets/reservations/${body.reservation?.id ?? ''}?eventId=${event}`, {
      as: operator,
    });
    const counted = async () => {
      const { spent, reserved } = (await get('cap')).body.status;
      return [spent.amount, reserved.amount];
    };
    expect(await counted()).toEqual([0, 2000]);
    await spend({ id: event, callId: event });
    expect(await counted()).toEqual([1500, 0]);
    const { body: lost } = await reserve({ estimate: { tokens: 2000 } });
    const never = uuidV7(clock.now());
    await ask(`DELETE /v1/budgets/reservations/${lost.reservation?.id ?? ''}?eventId=${never}`, {
      as: operator,
    });
    expect(await counted()).toEqual([1500, 2000]);
    clock.advance(60_000);
    expect(await counted()).toEqual([1500, 0]);
  });

  it('of another customer stays when a bound key gives it back, and the answer is the same', async () => {
    const { put, reserve, ask, get, key } = openBudgets();
    await put('cap', { ...cap, limit: { unit: 'tokens', amount: 10 } });
    const { body } = await reserve({ estimate: { tokens: 5 } });
    const release = async (customerId: string) =>
      ask(`DELETE /v1/budgets/reservations/${body.reservation?.id ?? ''}`, {
        token: await key({ kind: 'ingest', customerId }),
      });
    expect((await release('rival')).status).toBe(204);
    expect((await get('cap')).body.status.reserved.amount).toBe(5);
    expect((await release('acme')).status).toBe(204);
    expect((await get('cap')).body.status.reserved.amount).toBe(0);
  });

  it('holds nothing where no budget concerns the call', async () => {
    const { reserve } = openBudgets();
    expect((await reserve({})).body).toMatchObject({
      ...{ admitted: true, decision: 'allow', budgets: [], reservation: null, ttlSeconds: 5 },
    });
  });

  it('spaces calls out when a throttled budget is over', async () => {
    const { put, reserve, spend, clock } = openBudgets();
    await put('cap', {
      ...{ ...cap, limit: { unit: 'tokens', amount: 100 } },
      ...{ action: 'throttle', throttle: { callsPerMinute: 2 } },
    });
    await spend();
    expect((await reserve({})).body).toMatchObject({ decision: 'throttle', admitted: true });
    expect((await reserve({})).body.admitted).toBe(true);
    expect((await reserve({})).body).toMatchObject({
      ...{ decision: 'throttle', admitted: false, reservation: null, retryAfterSeconds: 30 },
    });
    clock.advance(60_001);
    expect((await reserve({})).body.admitted).toBe(true);
  });

  it.each([
    ['an id that is none', { id: 'x' }, '/id'],
    ['an amount without a currency', { estimate: { amount: '1' } }, '/estimate'],
    ['an amount that is no decimal', { estimate: { amount: '1e9', currency: 'USD' } }, '/estimate/amount'],
    ['a time that is too long', { seconds: 601 }, '/seconds'],
    ['an unknown attribute', { scope: { user: 'u' } }, '/scope/user'],
  ])('is refused with %s', async (_, change, pointer) => {
    expect(await openBudgets().reserve(change)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });

  it('is not given back under an id that is none', async () => {
    const { ask } = openBudgets();
    const answer = await ask('DELETE /v1/budgets/reservations/x?eventId=y', { as: operator });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: 'id' }, { pointer: 'eventId' }] },
    });
  });
});
