import { createClient, routes, type TallykitClient } from '@tallykit/client';
import { askEveryRoute, fixtureNow } from '@tallykit/client/testing';
import { createDevClock, createTallykit, type PrincipalClaim, type Tallykit } from '@tallykit/server-adapter';
import { referenceStorage } from '@tallykit/server-adapter/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const baseUrl = 'https://app.test/api/tallykit';
const clock = createDevClock();
const operator: PrincipalClaim = { subject: 'ops', role: 'operator' };
let claim: PrincipalClaim = operator;
let tallykit: Tallykit;
let client: TallykitClient;

/** The server in this process as a `fetch`. */
const inProcess: typeof fetch = (input, init) => tallykit.handler(new Request(input, init));

beforeAll(async () => {
  clock.set(fixtureNow);
  tallykit = createTallykit({
    storage: referenceStorage({ clock }),
    developmentClock: clock,
    authenticate: () => claim,
    embed: { secret: 'a secret of the test that is long enough' },
    basePath: '/api/tallykit',
  });
  await tallykit.ready();
  client = createClient({ baseUrl, fetch: inProcess, retry: false });
  await askEveryRoute.sendEvents(client);
  await tallykit.tick();
});

afterAll(() => tallykit.close());

/** Routes that other programs ask than our client, each with its reason. */
const askedByOthers: Readonly<Record<string, string>> = {
  'POST /v1/otlp/v1/traces': 'exporters of OpenTelemetry send here, in a protocol of their own',
};

it('has a route of the server for every method, and a method for every route', async () => {
  const { paths } = (await client.server.openApi()) as { readonly paths: Record<string, object> };
  const served = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const asked: string[] = Object.values(routes).filter((route) => route !== routes.setDevelopmentClock);
  expect(served).toEqual(expect.arrayContaining(Object.keys(askedByOthers)));
  expect(asked.toSorted()).toEqual(served.filter((route) => !(route in askedByOthers)).toSorted());
});

it.each(Object.keys(askEveryRoute) as (keyof typeof askEveryRoute)[])(
  'understands what the server answers: %s',
  async (name) => {
    claim = operator;
    await expect(askEveryRoute[name](client)).resolves.not.toThrow();
  },
);

it.each(['token-spend', 'usage-over-time', 'revenue-hero', 'reconciliation-status'] as const)(
  'understands the insight %s, as an operator and as a customer',
  async (id) => {
    claim = operator;
    expect((await client.insights.get(id)).scope.visibility).toBe('operator');
    expect((await client.insights.get(id, { asCustomer: 'cus_1' })).scope.visibility).toBe('customer');
  },
);

describe('a customer page', () => {
  /** The host's backend mints for whoever is signed in to the host. */
  function page(subject: () => string) {
    claim = operator;
    const minted: string[] = [];
    const customerClient = createClient({
      baseUrl,
      fetch: inProcess,
      retry: false,
      now: clock.now,
      getSession: async () => {
        const session = await client.embedSessions.create({
          customerId: 'cus_1',
          subject: subject(),
          role: 'customer_admin',
        });
        minted.push(session.token);
        return session;
      },
    });
    return { customerClient, minted };
  }

  it('asks with a token, sees its own account, and outlives the token without anybody noticing', async () => {
    const { customerClient, minted } = page(() => 'ann');
    const principal = customerClient.session.principal();
    expect(await customerClient.session.get()).toMatchObject({
      subject: 'ann',
      role: 'customer_admin',
      customer: { id: 'cus_1' },
    });
    clock.set(clock.now() + 3 * 3_600_000);
    const spend = await customerClient.insights.get('token-spend');
    expect(spend.scope).toMatchObject({ customerId: 'cus_1', visibility: 'customer' });
    expect(spend).not.toHaveProperty('amounts');
    expect(minted).toHaveLength(2);
    expect(customerClient.session.principal()).toBe(principal);
  });

  it('is renewed upon a refusal when its own clock stands still', async () => {
    const { customerClient, minted } = page(() => 'ann');
    await customerClient.session.get();
    const stopped = clock.now();
    const patient = createClient({
      baseUrl,
      fetch: inProcess,
      retry: false,
      now: () => stopped,
      getSession: async () => {
        const session = await client.embedSessions.create({
          customerId: 'cus_1',
          subject: 'ann',
          role: 'customer_admin',
        });
        minted.push(session.token);
        return session;
      },
    });
    await patient.session.get();
    clock.set(clock.now() + 3 * 3_600_000);
    await expect(patient.session.get()).resolves.toMatchObject({ subject: 'ann' });
    expect(minted).toHaveLength(3);
  });

  it('never shows one person the answers of another', async () => {
    let signedIn = 'ann';
    const { customerClient } = page(() => signedIn);
    const before = customerClient.session.principal();
    await customerClient.session.get();
    signedIn = 'bob';
    clock.set(clock.now() + 3 * 3_600_000);
    await expect(customerClient.session.get()).rejects.toMatchObject({ kind: 'principal_changed' });
    expect(customerClient.session.principal()).not.toBe(before);
    await expect(customerClient.session.get()).resolves.toMatchObject({ subject: 'bob' });
  });

  it('of a member is refused with a problem that says whom to ask', async () => {
    claim = { subject: 'mia', role: 'customer_member', customerId: 'cus_1' };
    await expect(client.insights.get('token-spend')).rejects.toMatchObject({
      kind: 'problem',
      status: 403,
      detail: expect.stringMatching(/admin/i) as unknown,
    });
    claim = operator;
  });
});
