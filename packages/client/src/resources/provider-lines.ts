import type { ProviderLine, PutAnswer } from '@tallykit/protocol';
import { putAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Rows of a provider's own usage or cost report, for reconciliation. */
export interface ProviderLinesResource {
  /** At most 5,000 rows at a time; a row with a known `sourceId` restates the one before. */
  put(lines: readonly ProviderLine[], options?: RequestOptions): Promise<PutAnswer>;
}

/** The provider lines over one client's transport. */
export function providerLinesResource(send: Send): ProviderLinesResource {
  return {
    put: (lines, options) =>
      send({ route: routes.putProviderLines, body: { lines }, safe: false, answer: putAnswerShape }, options),
  };
}
