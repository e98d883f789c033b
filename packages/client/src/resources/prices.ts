import type {
  PricesAnswer,
  PricesPut,
  PricesPutAnswer,
  SettleAnswer,
  SettleRequest,
} from '@tallykit/protocol';
import { pricesAnswerShape, pricesPutAnswerShape, settleAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Which price rows to list. */
export interface PricesParams {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly source?: 'catalogue' | 'override' | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** Rows a page. */
  readonly limit?: number | undefined;
}

/** The price book. Operators only. */
export interface PricesResource {
  /** One page of rows; ask on with `cursor` until `nextCursor` is null. */
  list(params?: PricesParams, options?: RequestOptions): Promise<PricesAnswer>;
  /** Stores rows of the organization's own. What waited for one of them is settled at once. */
  put(body: PricesPut, options?: RequestOptions): Promise<PricesPutAnswer>;
  /** Gives pending calls a cost, or re-prices a range. Shows the difference only, unless `dryRun` is false. */
  settle(request?: SettleRequest, options?: RequestOptions): Promise<SettleAnswer>;
}

/** The price book over one client's transport. */
export function pricesResource(send: Send): PricesResource {
  return {
    list: (params, options) =>
      send(
        { route: routes.listPrices, query: { ...params }, safe: true, answer: pricesAnswerShape },
        options,
      ),
    put: (body, options) =>
      send({ route: routes.putPrices, body, safe: false, answer: pricesPutAnswerShape }, options),
    settle: (request, options) =>
      send(
        { route: routes.settlePrices, body: request ?? {}, safe: false, answer: settleAnswerShape },
        options,
      ),
  };
}
