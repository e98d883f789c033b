import {
  apiKeyInputSchema,
  devClockPutSchema,
  embedSessionRequestSchema,
  ingestEnvelopeSchema,
  ledgerCustomersPutSchema,
  ledgerFlowsPutSchema,
  ledgerInvoicesPutSchema,
  pricesPutSchema,
  providerLinesPutSchema,
  settleRequestSchema,
} from '@tallykit/protocol';
import { http, HttpResponse, type RequestHandler } from 'msw';
import { fixtureNow } from '../fixtures/fixture-options.ts';
import { apiKeyFixture } from '../fixtures/service.ts';
import { answerBody as answer } from './answer-body.ts';

/** Handlers of every route that writes: they check the body as the server does, count it and store nothing. */
export function writeHandlers(base: string, now: number = fixtureNow): RequestHandler[] {
  const stored = (count: number): object => ({ stored: count, unchanged: 0 });
  return [
    http.post(`${base}/v1/events`, ({ request }) =>
      answer(request, ingestEnvelopeSchema, ({ events }) => ({
        accepted: events.length,
        duplicates: 0,
        problems: [],
      })),
    ),
    http.put(`${base}/v1/ledger/customers`, ({ request }) =>
      answer(request, ledgerCustomersPutSchema, ({ customers }) => stored(customers.length)),
    ),
    http.put(`${base}/v1/ledger/invoices`, ({ request }) =>
      answer(request, ledgerInvoicesPutSchema, ({ invoices }) => stored(invoices.length)),
    ),
    http.put(`${base}/v1/ledger/flows`, ({ request }) =>
      answer(request, ledgerFlowsPutSchema, ({ flows }) => stored(flows.length)),
    ),
    http.put(`${base}/v1/provider-lines`, ({ request }) =>
      answer(request, providerLinesPutSchema, ({ lines }) => stored(lines.length)),
    ),
    http.put(`${base}/v1/prices`, ({ request }) =>
      answer(request, pricesPutSchema, ({ prices }) => ({
        ...stored(prices.length),
        ids: prices.map((_, index) => `prc_${String(index).padStart(16, '0')}`),
        settled: 0,
      })),
    ),
    http.post(`${base}/v1/prices/settle`, ({ request }) =>
      answer(request, settleRequestSchema, ({ dryRun = true }) => ({
        dryRun,
        examined: 1_204,
        settled: 1_180,
        repriced: 0,
        unchanged: 0,
        stillPending: [{ reason: 'usage_absent', calls: 24 }],
        difference: [{ amount: '3.18204', currency: 'USD' }],
      })),
    ),
    http.post(`${base}/v1/embed-sessions`, ({ request }) =>
      answer(request, embedSessionRequestSchema, ({ minutes = 15 }) => ({
        token: 'fixture-token',
        expiresAt: new Date(now + minutes * 60_000).toISOString(),
      })),
    ),
    http.post(`${base}/v1/keys`, ({ request }) =>
      answer(request, apiKeyInputSchema, ({ kind, name, customerId = null }) => ({
        key: apiKeyFixture({ kind, name, customerId }),
        secret: `tk_${kind}_fixture`,
      })),
    ),
    http.delete(`${base}/v1/keys/:id`, () => new HttpResponse(null, { status: 204 })),
    http.post(`${base}/v1/jobs/tick`, () => new HttpResponse(null, { status: 204 })),
    http.put(`${base}/v1/dev/clock`, ({ request }) =>
      answer(request, devClockPutSchema, (body) => ({ now: body.now ?? new Date(now).toISOString() })),
    ),
    http.post(`${base}/v1/customers/:id/erase`, ({ params }) =>
      HttpResponse.json({
        customerId: String(params['id']),
        sequence: 48_212,
        requestedAt: new Date(now).toISOString(),
        events: 912,
      }),
    ),
  ];
}
