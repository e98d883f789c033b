import { grainSchema, timeZoneSchema, uuidV7Schema } from '@tallykit/protocol';
import * as z from 'zod/mini';
import type { $ZodType } from 'zod/v4/core';

const instant = z.iso.datetime();

/** Query parameters, which mean the same on every route that takes them. */
export const queryParameters = {
  from: { schema: instant, description: 'Start of the range, inclusive, in UTC.' },
  to: { schema: instant, description: 'End of the range, exclusive, in UTC.' },
  timeZone: {
    schema: timeZoneSchema,
    description: "IANA zone of days and months; the organization's reporting zone unless told.",
  },
  grain: { schema: grainSchema, description: 'Width of a time bucket.' },
  groupBy: { schema: z.string(), description: 'What series are made by.' },
  month: {
    schema: z.string().check(z.regex(/^\d{4}-\d{2}$/)),
    description: 'A month, in place of `from` and `to`.',
  },
  filter: {
    schema: z.string(),
    description: 'A condition as `field:operator:value`; may be given several times, and all hold together.',
  },
  top: { schema: z.int().check(z.gte(1)), description: 'How many groups get a series of their own.' },
  orderBy: { schema: z.enum(['cost', 'tokens', 'calls']), description: 'What makes a group large.' },
  customerId: {
    schema: z.string(),
    description: 'Limits the answer to one customer. Customers may name nobody but themselves.',
  },
  asCustomer: {
    schema: z.string(),
    description: "Operators only: one customer's figures as that customer sees them.",
  },
  environment: { schema: z.string(), description: 'Limits the answer to one environment.' },
  provider: { schema: z.string(), description: 'Limits the answer to one provider.' },
  model: { schema: z.string(), description: 'Limits the answer to one model.' },
  source: {
    schema: z.enum(['catalogue', 'override']),
    description: 'Limits the answer to one source of rows.',
  },
  cursor: { schema: z.string(), description: 'Where the page before ended: its `nextCursor`.' },
  eventId: {
    schema: uuidV7Schema,
    description: "Id of the call's event, for which the hold waits a minute at most.",
  },
  limit: { schema: z.int().check(z.gte(1)), description: 'Rows a page.' },
} as const satisfies Record<string, { schema: $ZodType; description: string }>;

/** Name of a query parameter. */
export type QueryParameter = keyof typeof queryParameters;
