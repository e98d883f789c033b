import type { Problem } from '@tallykit/protocol';
import { expect, it } from 'vitest';
import type { PrincipalClaim } from '../access/principal.ts';
import { openTestTallykit, type TestAsk } from '../testing/open-test-tallykit.ts';

const operator: PrincipalClaim = { subject: 'ops', role: 'operator' };
const admin: PrincipalClaim = { subject: 'ada', role: 'customer_admin', customerId: 'acme' };
const member: PrincipalClaim = { subject: 'bob', role: 'customer_member', customerId: 'acme' };

const asked: Readonly<Record<string, readonly [string, TestAsk]>> = {
  'nobody is signed in': ['GET /v1/datasets', {}],
  'a member asks': ['GET /v1/datasets', { as: member }],
  'a customer asks for prices': ['GET /v1/prices', { as: admin }],
  'a permission is missing': ['GET /v1/datasets', { as: { ...admin, permissions: [] } }],
  'another customer is named': ['GET /v1/insights/token-spend?customerId=rival', { as: admin }],
  'a path is unknown': ['GET /v1/everything', { as: operator }],
  'a method is wrong': ['GET /v1/events', { as: operator }],
  'a body is no JSON': ['PUT /v1/prices', { as: operator, body: '{' }],
  'a body is of another kind': [
    'PUT /v1/prices',
    { as: operator, body: 'a=b', headers: { 'content-type': 'text/plain' } },
  ],
  'a key is asked for wrongly': [
    'POST /v1/keys',
    { as: operator, body: { kind: 'root', name: 'x', extra: 1 } },
  ],
};

it('problems on the wire are frozen', async () => {
  const { ask } = openTestTallykit();
  const answers: Record<string, Problem> = {};
  for (const [when, [route, how]] of Object.entries(asked)) {
    const { body } = await ask(route, { ...how, headers: { ...how.headers, 'x-request-id': 'request-1' } });
    answers[when] = body;
  }
  await expect(`${JSON.stringify(answers, null, 2)}\n`).toMatchFileSnapshot('__snapshots__/problems.json');
});
