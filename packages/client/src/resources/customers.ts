import type { EraseAnswer } from '@tallykit/protocol';
import { eraseAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Customer accounts. */
export interface CustomersResource {
  /** Erases a customer's personal ids and tags. Money stays. It cannot be undone. */
  erase(customerId: string, options?: RequestOptions): Promise<EraseAnswer>;
}

/** The customers over one client's transport. */
export function customersResource(send: Send): CustomersResource {
  return {
    erase: (customerId, options) =>
      send(
        {
          route: routes.eraseCustomer,
          parameters: { id: customerId },
          safe: false,
          answer: eraseAnswerShape,
        },
        options,
      ),
  };
}
