import { parsePersona, sessionCookie } from './personas.ts';

/** Whom the helpdesk's session names, as Tallykit asks for it. A visitor without a session is the operator, for this demo only. */
export async function authenticate(request: Request): Promise<{
  readonly subject: string;
  readonly role: 'operator' | 'customer_admin' | 'customer_member';
  readonly customerId?: string;
}> {
  const cookies = request.headers.get('cookie') ?? '';
  const value = cookies
    .split(/;\s*/)
    .find((pair) => pair.startsWith(`${sessionCookie}=`))
    ?.slice(sessionCookie.length + 1);
  const persona = parsePersona(value && decodeURIComponent(value)) ?? {
    role: 'operator' as const,
    customerId: null,
  };
  const subject = persona.customerId ? `${persona.role}@${persona.customerId}` : 'operator@acme-desk';
  return { subject, role: persona.role, ...(persona.customerId ? { customerId: persona.customerId } : {}) };
}
