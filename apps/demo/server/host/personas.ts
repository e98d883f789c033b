import { customers } from '../helpdesk/customers.ts';

/** Who looks at the helpdesk: someone of the vendor, or an admin or a member of one customer. */
export interface Persona {
  readonly role: 'operator' | 'customer_admin' | 'customer_member';
  readonly customerId: string | null;
}

/** Name of the helpdesk's own session cookie. */
export const sessionCookie = 'helpdesk_session';

/** Reads `operator`, `customer_admin:<id>` or `customer_member:<id>` of a known customer; null for anything else. */
export function parsePersona(text: string | undefined): Persona | null {
  if (text === 'operator') return { role: 'operator', customerId: null };
  const [role, customerId] = text?.split(':') ?? [];
  if (role !== 'customer_admin' && role !== 'customer_member') return null;
  return customers.some((customer) => customer.id === customerId) && customerId ? { role, customerId } : null;
}

/** The text that {@link parsePersona} reads. */
export function personaText(persona: Persona): string {
  return persona.customerId ? `${persona.role}:${persona.customerId}` : persona.role;
}
