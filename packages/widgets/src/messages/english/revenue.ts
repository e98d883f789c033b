import type { Message } from '../message.ts';

/** Texts of the revenue card, in English. */
export const revenueEnglish = {
  'column.invoiced': 'Invoiced',
  'column.invoices': 'Invoices',
  'revenue.title-plain': 'Revenue',
  'revenue.title-month': 'Revenue, {month}',
  'revenue.title': 'Revenue, {days}',
  'revenue.source': 'from posted invoices, as of {time}',
  'revenue.change-month': {
    one: '{change} on the same day of {month}',
    other: '{change} on the same {count} days of {month}',
  },
  'revenue.change': '{change} on the {span} before',
  'revenue.was': '{amount} then',
  'revenue.no-change-month': 'No invoices in the same days of {month}',
  'revenue.no-change': 'No invoices in the {span} before',
  'revenue.without-tax': '{amount} without tax',
  'revenue.invoices': { one: '{count} invoice', other: '{count} invoices' },
  'revenue.partial': 'incomplete',
  'revenue.partial-why': 'Some amounts are not known yet and are missing from the total.',
  'revenue.empty': 'No posted invoices yet',
  'revenue.empty-text': 'The first invoice that is posted appears here.',
  'revenue.picture': 'Invoiced by day',
  'revenue.today': 'today (open)',
} as const satisfies Record<string, Message>;
