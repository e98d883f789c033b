/** A customer account of the helpdesk, with how much of its traffic it makes and what it pays a month. */
export interface HelpdeskCustomer {
  readonly id: string;
  readonly name: string;
  /** Share of all calls, relative to the others. */
  readonly weight: number;
  readonly users: number;
  /** Monthly subscription in whole cents without tax. */
  readonly monthlyCents: number;
  /** Day of the month on which its invoice is issued. */
  readonly invoiceDay: number;
}

/** All of the demo's customers are invented companies. */
export const customers: readonly HelpdeskCustomer[] = [
  { id: 'cus_halden', name: 'Halden Insurance', weight: 26, users: 41, monthlyCents: 942_000, invoiceDay: 2 },
  {
    id: 'cus_northlight',
    name: 'Northlight Clinics',
    weight: 19,
    users: 33,
    monthlyCents: 711_500,
    invoiceDay: 3,
  },
  { id: 'cus_tern', name: 'Tern Logistics', weight: 15, users: 28, monthlyCents: 498_000, invoiceDay: 5 },
  { id: 'cus_kestrel', name: 'Kestrel Dental', weight: 11, users: 15, monthlyCents: 230_000, invoiceDay: 8 },
  {
    id: 'cus_borealis',
    name: 'Borealis Freight',
    weight: 9,
    users: 19,
    monthlyCents: 145_000,
    invoiceDay: 9,
  },
  { id: 'cus_maren', name: 'Maren Energy', weight: 7, users: 12, monthlyCents: 389_000, invoiceDay: 12 },
  { id: 'cus_orchard', name: 'Orchard Learning', weight: 5, users: 9, monthlyCents: 164_000, invoiceDay: 13 },
  { id: 'cus_calder', name: 'Calder Homes', weight: 4, users: 8, monthlyCents: 212_000, invoiceDay: 16 },
  { id: 'cus_ivory', name: 'Ivory Coast Foods', weight: 2, users: 5, monthlyCents: 98_000, invoiceDay: 18 },
  { id: 'cus_juniper', name: 'Juniper Studios', weight: 2, users: 4, monthlyCents: 76_000, invoiceDay: 19 },
];
