import { expect } from 'vitest';
import { callAt, idAt, newTraceId, signalAt } from './build-events.ts';
import type { OpenServer } from './open-server.ts';

/** When most of what is planted happened. */
export const plantedAt = '2027-03-31T09:10:00.000Z';
const dayBefore = '2027-03-30T09:10:00.000Z';
const fetchedAt = '2027-03-31T10:42:00.000Z';

/** Begins every id and name that belongs to the customer `acme`. */
export const acmeCanary = 'acmecanary';
/** Begins every word of the provider, and every secret, that was planted. */
export const providerCanary = 'providercanary';
/** Events of acme. */
export const ids = {
  trace: newTraceId(),
  call: idAt(plantedAt),
  pending: idAt(plantedAt),
  failed: idAt(dayBefore),
};

/**
 * Gives a server two customers. `acme` has something of everything, each with a word that can be looked for in answers; its
 * calls cost the vendor half of what they are charged. `rival` has one call, and one call is nobody's.
 */
export async function plantAccounts(server: OpenServer): Promise<void> {
  const put = async (path: string, body: object): Promise<void> => {
    const answer = await server.ask(`PUT ${path}`, { as: 'operator', body });
    expect(answer.status, answer.text).toBe(200);
  };
  await put('/v1/ledger/customers', {
    customers: [
      { id: 'acme', name: `${acmeCanary}-name` },
      { id: 'rival', name: 'Rival' },
    ],
  });
  await put('/v1/ledger/flows', { flows: [{ id: `${acmeCanary}-flow`, name: `${acmeCanary}-flow-name` }] });
  // The contract costs half of the list; the charge is by list, so no customer may find this amount or come to it.
  await put('/v1/prices', {
    prices: [
      {
        provider: 'openai',
        model: 'gpt-4o-mini',
        appliesTo: 'effective',
        rates: [
          { bucket: 'input', amount: '0.0754321' },
          { bucket: 'output', amount: '0.3054321' },
        ],
      },
    ],
  });
  const own = {
    customerId: 'acme',
    traceId: ids.trace,
    flow: `${acmeCanary}-flow`,
    productId: `${acmeCanary}-product`,
    configuration: `${acmeCanary}-configuration`,
    environment: `${acmeCanary}-environment`,
    userId: `${acmeCanary}-user`,
    conversationId: `${acmeCanary}-conversation`,
    messageId: `${acmeCanary}-message`,
    channel: `${acmeCanary}-channel`,
    workspaceId: `${acmeCanary}-workspace`,
    tags: {
      team: `${acmeCanary}-tag`,
      cookie: `${providerCanary}-cookie`,
      note: `sk-${providerCanary}0123456789ab`,
    },
  };
  const metadata = {
    responseId: `${providerCanary}-response`,
    rawUsage: { [`${providerCanary}_tokens`]: 7 },
    statedCost: { amount: '0.777777777777', currency: 'USD' },
    providerIds: {
      projectId: `${providerCanary}-project`,
      keyId: `${providerCanary}-key`,
      requestId: `${providerCanary}-request`,
    },
  };
  await server.send([
    callAt(plantedAt, { ...own, ...metadata, id: ids.call }),
    callAt(plantedAt, { ...own, id: ids.pending, requestModel: 'house-model' }),
    callAt(dayBefore, {
      ...own,
      id: ids.failed,
      status: 'error',
      httpStatus: 500,
      errorClass: 'RateLimitError',
      providerIds: metadata.providerIds,
    }),
    signalAt(plantedAt, { ...own, name: `${acmeCanary}-signal` }),
    callAt(plantedAt, { customerId: 'rival', flow: 'rival-flow' }),
    callAt(plantedAt),
  ]);
  await put('/v1/ledger/invoices', {
    invoices: [
      {
        ...{ id: `${acmeCanary}-invoice`, customerId: 'acme', status: 'posted', currency: 'USD' },
        ...{ totalExclTax: 7_654_321, totalInclTax: 8_765_432, issueDate: '2027-03-15' },
      },
    ],
  });
  await put('/v1/provider-lines', {
    lines: [
      {
        ...{
          sourceId: `${providerCanary}-line`,
          provider: 'openai',
          projectId: `${providerCanary}-project`,
        },
        ...{ keyId: `${providerCanary}-key`, lineItem: `${providerCanary}-item`, customerId: 'acme' },
        ...{ from: '2027-03-30T00:00:00Z', to: '2027-03-31T00:00:00Z', fetchedAt },
        ...{ usage: { input: 100, output: 20 }, cost: { amount: '0.987654', currency: 'USD' } },
      },
    ],
  });
  await server.caughtUp();
}
