import { ledgerInvoicesPutSchema, type LedgerInvoice, type PutAnswer } from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import type { Clock } from '../primitives/clock.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';
import { faultsOfRepeatedIds, invalidLedgerRows, type LedgerFault } from './ledger-problems.ts';

/**
 * Stores invoices by their own id, all or none; amounts are whole minor units of the invoice's currency by ISO 4217
 * (cents for USD, yen for JPY, thousandths for KWD). Putting the same rows again changes nothing. Only posted invoices
 * are revenue, on their day of issue.
 *
 * @param body a `LedgerInvoicesPut`, unchecked
 */
export async function putInvoices(store: OrganizationStore, body: unknown, clock: Clock): Promise<PutAnswer> {
  const parsed = ledgerInvoicesPutSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { invoices } = parsed.data;
  const faults = [
    ...faultsOfRepeatedIds('/invoices', invoices),
    ...invoices.flatMap((invoice, index) => faultsOfInvoice(invoice, `/invoices/${index}`)),
  ];
  if (faults.length > 0) throw invalidLedgerRows(faults);
  return store.putInvoices(invoices, clock.now());
}

/** What cannot be true of one invoice. Lines need not add up to the total: discounts may stand beside them. */
export function faultsOfInvoice(invoice: LedgerInvoice, pointer: string): readonly LedgerFault[] {
  const { currency, totalExclTax, totalInclTax, issueDate, dueDate, lines = [] } = invoice;
  const faults: LedgerFault[] = [];
  if (!isCurrency(currency)) {
    faults.push({
      pointer: `${pointer}/currency`,
      detail: 'Not a currency of ISO 4217, so its minor unit is not known.',
    });
  }
  if (Math.sign(totalInclTax) * Math.sign(totalExclTax) < 0) {
    faults.push({
      pointer: `${pointer}/totalInclTax`,
      detail: 'The totals with and without tax cannot have opposite signs.',
    });
  }
  if (dueDate !== undefined && dueDate < issueDate) {
    faults.push({ pointer: `${pointer}/dueDate`, detail: 'The due date is before the day of issue.' });
  }
  for (const [index, { periodFrom, periodTo }] of lines.entries()) {
    if (periodFrom === undefined || periodTo === undefined || periodFrom <= periodTo) continue;
    faults.push({
      pointer: `${pointer}/lines/${index}/periodTo`,
      detail: 'The period ends before it begins.',
    });
  }
  return [...faults, ...faultsOfRepeatedIds(`${pointer}/lines`, lines)];
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

function isCurrency(code: string): boolean {
  return currencies.has(code);
}
