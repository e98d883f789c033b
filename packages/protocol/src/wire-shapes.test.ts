import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import * as protocol from './index.ts';

const schemas = Object.entries<unknown>({ ...protocol }).filter(
  (entry): entry is [string, z.ZodMiniType] => entry[0].endsWith('Schema') && typeof entry[1] === 'object',
);

/** A change of this file is a change of what travels: it needs a note in the changeset. */
test('the wire shapes are frozen', async () => {
  const shapes = Object.fromEntries(
    [...schemas, ...Object.entries<z.ZodMiniType>(protocol.insightAnswerSchemas)].map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }),
    ]),
  );
  await expect(`${JSON.stringify(shapes, null, 1)}\n`).toMatchFileSnapshot('__snapshots__/wire-shapes.json');
});

test('the lists of the protocol are frozen', () => {
  expect({
    datasets: protocol.datasetIds,
    insights: protocol.insightIds,
    roles: protocol.roles,
    permissions: protocol.permissions,
    losses: protocol.lossReasons,
    states: protocol.reconciliationStates,
    buckets: protocol.usageBuckets,
  }).toMatchInlineSnapshot(`
    {
      "buckets": [
        "input",
        "cacheRead",
        "cacheWrite",
        "cacheWrite5m",
        "cacheWrite1h",
        "inputAudio",
        "cacheReadAudio",
        "inputImage",
        "output",
        "reasoning",
        "outputAudio",
        "outputImage",
        "webSearches",
        "imagesGenerated",
        "characters",
        "seconds",
      ],
      "datasets": [
        "conversions",
        "chat",
        "token_usage",
        "flow_runs",
        "telemetry",
        "funnel",
        "calls",
        "cost_entries",
        "traces",
        "tool_calls",
        "costs",
        "signals",
        "credits",
        "revenue",
        "mrr",
        "margin",
        "runtime",
        "reconciliation",
        "ingestion",
      ],
      "insights": [
        "token-spend",
        "usage-over-time",
        "revenue-hero",
        "reconciliation-status",
      ],
      "losses": [
        "queue_full",
        "event_too_large",
        "serialization_failed",
        "rejected",
        "conflict",
        "unauthorized",
        "retries_exhausted",
        "shutdown_timeout",
        "process_exit",
        "field_stripped",
        "unsupported_sdk",
        "context_unavailable",
        "observer_failed",
        "budget_unavailable",
      ],
      "permissions": [
        "analytics.view",
        "reports.manage",
        "goals.view",
        "goals.manage",
        "telemetry.view",
        "pricing.manage",
        "ledger.write",
        "exports.manage",
        "alerts.manage",
        "reconciliation.manage",
        "sessions.mint",
        "keys.manage",
        "budgets.check",
        "budgets.manage",
        "ingest.write",
      ],
      "roles": [
        "operator",
        "customer_admin",
        "customer_member",
      ],
      "states": [
        "not_configured",
        "waiting",
        "provisional",
        "matched",
        "matched_with_adjustment",
        "variance",
        "unallocated",
        "error",
      ],
    }
  `);
});

const requests: readonly [string, z.ZodMiniType, object][] = [
  [
    'ingest request',
    protocol.ingestEnvelopeSchema,
    { protocol: 1, sentAt: '2026-11-20T10:42:00.000Z', events: [] },
  ],
  ['dataset query', protocol.datasetQuerySchema, { measures: ['calls'] }],
  [
    'embed session',
    protocol.embedSessionRequestSchema,
    { customerId: 'c', subject: 's', role: 'customer_admin' },
  ],
  [
    'prices',
    protocol.pricesPutSchema,
    { prices: [{ provider: 'openai', model: 'm', rates: [{ bucket: 'input', amount: '1' }] }] },
  ],
  ['settle', protocol.settleRequestSchema, {}],
  ['key', protocol.apiKeyInputSchema, { kind: 'ingest', name: 'backend' }],
  ['development clock', protocol.devClockPutSchema, { now: null }],
  ['customers', protocol.ledgerCustomersPutSchema, { customers: [{ id: 'c', name: 'C' }] }],
  ['flows', protocol.ledgerFlowsPutSchema, { flows: [{ id: 'f', name: 'F' }] }],
  [
    'invoices',
    protocol.ledgerInvoicesPutSchema,
    {
      invoices: [
        {
          id: 'i',
          customerId: 'c',
          status: 'posted',
          currency: 'USD',
          totalExclTax: 100,
          totalInclTax: 119,
          issueDate: '2026-11-20',
        },
      ],
    },
  ],
  [
    'provider lines',
    protocol.providerLinesPutSchema,
    {
      lines: [
        {
          sourceId: 's',
          provider: 'openai',
          from: '2026-11-20T00:00:00Z',
          to: '2026-11-21T00:00:00Z',
          fetchedAt: '2026-11-21T06:00:00Z',
        },
      ],
    },
  ],
];

test.each(requests)('a request is closed: %s', (_, schema, body) => {
  expect(z.safeParse(schema, body).success).toBe(true);
  expect(z.safeParse(schema, { ...body, secret: 'canary' }).error?.issues).toMatchObject([
    { code: 'unrecognized_keys', keys: ['secret'] },
  ]);
});

test('an answer is open: a client keeps working when the server learns a new field', () => {
  const answer = { accepted: 1, duplicates: 0, problems: [], hint: 'new' };
  expect(z.safeParse(protocol.ingestAnswerSchema, answer).success).toBe(true);
});
