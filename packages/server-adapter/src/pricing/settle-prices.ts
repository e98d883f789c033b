import { settleRequestSchema, type SettleAnswer } from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import type { PricingContext } from './pricing-context.ts';
import { settleCalls } from './settle-calls.ts';

const instant = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));

/**
 * Answers `POST /v1/prices/settle`: pending calls unless `calls: 'all'` is said, and a dry run that only shows the difference
 * unless `dryRun: false` is said.
 *
 * @example
 * const preview = await settlePrices(context, { from: '2026-11-01T00:00:00Z', calls: 'all' });
 */
export async function settlePrices(context: PricingContext, body: unknown): Promise<SettleAnswer> {
  const parsed = settleRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { from, to, provider, model, calls, dryRun } = parsed.data;
  return settleCalls(context, {
    calls: calls ?? 'pending',
    from: instant(from),
    to: instant(to),
    provider: provider ?? null,
    model: model ?? null,
    dryRun: dryRun ?? true,
  });
}
