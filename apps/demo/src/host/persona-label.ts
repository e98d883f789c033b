import type { HostMe } from './host-api.ts';

/** A persona in the words of the page. */
export interface PersonaLabel {
  readonly role: 'operator' | 'customer_admin' | 'customer_member';
  readonly customerId: string | null;
  readonly customerName: string | null;
}

/** Splits the helpdesk's persona text and finds the customer's name. */
export function labelPersona(me: HostMe): PersonaLabel {
  const [role, customerId = null] = me.persona.split(':');
  const customerName = me.customers.find((customer) => customer.id === customerId)?.name ?? null;
  return { role: role as PersonaLabel['role'], customerId, customerName };
}
