import type { FakeReply, FakeRequest } from '@tallykit/tracker-sdk/testing';

/** What one planned call must be answered with; it travels to the fake provider in a header of the request. */
export interface PlannedReply {
  readonly input: number;
  readonly cached?: number;
  readonly output: number;
  readonly id: string;
  readonly delayMs?: number;
  readonly text?: string;
}

/** Name of the header that carries a {@link PlannedReply} as JSON. */
export const planHeader = 'x-demo-plan';

/** Answers a request of the demo with the usage that its plan names, in the provider's own inclusive convention. */
export function replyAsPlanned(request: FakeRequest): FakeReply {
  const header = request.headers[planHeader];
  if (typeof header !== 'string') throw new Error(`A request of the demo lacks its ${planHeader} header.`);
  const plan = JSON.parse(header) as PlannedReply;
  return {
    id: plan.id,
    text: plan.text ?? 'Thank you for waiting. Here is what I found.',
    delayMs: plan.delayMs,
    usage: {
      input: plan.input,
      output: plan.output,
      ...(plan.cached === undefined ? {} : { cached: plan.cached }),
    },
  };
}
