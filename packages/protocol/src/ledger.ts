import * as z from 'zod/mini';
import { currencySchema } from './money.ts';
import { daySchema, identifierSchema, instantSchema } from './text.ts';

/** A customer account of the vendor. `id` is the vendor's own and is what events name as `customerId`. */
export interface LedgerCustomer {
  readonly id: string;
  readonly name: string;
  readonly parentCustomerId?: string | null | undefined;
  readonly status?: string | undefined;
  readonly country?: string | undefined;
}

/** Checks a {@link LedgerCustomer}; closed. */
export const ledgerCustomerSchema = z.strictObject({
  id: identifierSchema,
  name: identifierSchema,
  parentCustomerId: z.optional(z.nullable(identifierSchema)),
  status: z.optional(identifierSchema),
  country: z.optional(identifierSchema),
});

/** Body of `PUT /v1/ledger/customers`. */
export const ledgerCustomersPutSchema = z.strictObject({
  customers: z.array(ledgerCustomerSchema).check(z.minLength(1), z.maxLength(2000)),
});

const minorUnits = z.int().check(z.gte(-Number.MAX_SAFE_INTEGER), z.lte(Number.MAX_SAFE_INTEGER));

/** One line of an invoice; amounts in minor units of the invoice's currency. */
export interface LedgerInvoiceLine {
  readonly id: string;
  readonly description?: string | undefined;
  readonly productId?: string | undefined;
  readonly quantity?: number | undefined;
  readonly totalExclTax: number;
  /** Whether the line comes back every period; what recurring revenue is made of. */
  readonly recurring?: boolean | undefined;
  readonly periodFrom?: string | undefined;
  readonly periodTo?: string | undefined;
}

/**
 * An invoice of the vendor to its customer. Amounts are whole minor units of ISO 4217: cents for USD, yen for JPY.
 */
export interface LedgerInvoice {
  readonly id: string;
  readonly customerId: string;
  readonly status: 'draft' | 'posted' | 'void';
  readonly currency: string;
  readonly totalExclTax: number;
  readonly totalInclTax: number;
  /** Day of issue in the organization's reporting zone; the day on which a posted invoice is revenue. */
  readonly issueDate: string;
  readonly dueDate?: string | undefined;
  readonly paymentStatus?: 'unpaid' | 'partial' | 'paid' | undefined;
  readonly lines?: readonly LedgerInvoiceLine[] | undefined;
}

/** Checks a {@link LedgerInvoice}; closed. */
export const ledgerInvoiceSchema = z.strictObject({
  id: identifierSchema,
  customerId: identifierSchema,
  status: z.enum(['draft', 'posted', 'void']),
  currency: currencySchema,
  totalExclTax: minorUnits,
  totalInclTax: minorUnits,
  issueDate: daySchema,
  dueDate: z.optional(daySchema),
  paymentStatus: z.optional(z.enum(['unpaid', 'partial', 'paid'])),
  lines: z.optional(
    z
      .array(
        z.strictObject({
          id: identifierSchema,
          description: z.optional(identifierSchema),
          productId: z.optional(identifierSchema),
          quantity: z.optional(z.int()),
          totalExclTax: minorUnits,
          recurring: z.optional(z.boolean()),
          periodFrom: z.optional(daySchema),
          periodTo: z.optional(daySchema),
        }),
      )
      .check(z.maxLength(200)),
  ),
});

/** Body of `PUT /v1/ledger/invoices`. */
export const ledgerInvoicesPutSchema = z.strictObject({
  invoices: z.array(ledgerInvoiceSchema).check(z.minLength(1), z.maxLength(2000)),
});

/** A flow of the vendor's product, so that reports show its name and know the order of its steps. */
export interface LedgerFlow {
  readonly id: string;
  readonly name: string;
  readonly productId?: string | undefined;
  readonly steps?: readonly string[] | undefined;
}

/** Checks a {@link LedgerFlow}; closed. */
export const ledgerFlowSchema = z.strictObject({
  id: identifierSchema,
  name: identifierSchema,
  productId: z.optional(identifierSchema),
  steps: z.optional(z.array(identifierSchema).check(z.maxLength(100))),
});

/** Body of `PUT /v1/ledger/flows`. */
export const ledgerFlowsPutSchema = z.strictObject({
  flows: z.array(ledgerFlowSchema).check(z.minLength(1), z.maxLength(2000)),
});

/** Answer to every `PUT` of a batch. Rows equal to what is stored are `unchanged`. */
export interface PutAnswer {
  readonly stored: number;
  readonly unchanged: number;
}

/** Checks a {@link PutAnswer}; open. */
export const putAnswerSchema = z.object({ stored: z.number(), unchanged: z.number() });

/** Answer to `POST /v1/customers/{id}/erase`: personal ids and tags go, money stays. */
export interface EraseAnswer {
  readonly customerId: string;
  readonly sequence: number;
  readonly requestedAt: string;
  readonly events: number;
}

/** Checks an {@link EraseAnswer}; open. */
export const eraseAnswerSchema = z.object({
  customerId: z.string(),
  sequence: z.number(),
  requestedAt: instantSchema,
  events: z.number(),
});
