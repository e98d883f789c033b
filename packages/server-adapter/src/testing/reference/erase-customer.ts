import { randomUUID } from 'node:crypto';
import type { UsageEvent } from '@tallykit/protocol';
import { deleteBudget } from './budgets.ts';
import { nextSequence, type Erasure, type OrganizationState } from './organization-state.ts';

/** Notes in the log that a customer is to be forgotten; null when there is no such customer. */
export function requestErasure(
  state: OrganizationState,
  customerId: string,
  at: number,
): { sequence: number; events: number } | null {
  if (!state.customers.has(customerId)) return null;
  const events = [...state.events.values()].filter(({ event }) => event.customerId === customerId).length;
  const sequence = nextSequence(state, at);
  state.erasures.push({ sequence, customerId, pseudonym: `erased_${randomUUID()}`, done: false });
  return { sequence, events };
}

function forget(event: UsageEvent, pseudonym: string, replace: (id: string) => string): UsageEvent {
  const { userId: _user, workspaceId: _workspace, tags: _tags, ...kept } = event;
  return {
    ...kept,
    customerId: pseudonym,
    ...(event.conversationId === undefined ? {} : { conversationId: replace(event.conversationId) }),
    ...(event.messageId === undefined ? {} : { messageId: replace(event.messageId) }),
  } as UsageEvent;
}

/** Carries out what was noted: ids and tags go, amounts and counts stay. */
export function carryOutErasure(state: OrganizationState, erasure: Erasure): void {
  const { customerId, pseudonym, sequence } = erasure;
  const replaced = new Map<string, string>();
  const replace = (id: string): string => {
    const known = replaced.get(id) ?? randomUUID();
    replaced.set(id, known);
    return known;
  };
  for (const [id, logged] of state.events) {
    if (logged.event.customerId !== customerId || logged.sequence > sequence) continue;
    state.events.set(id, { ...logged, event: forget(logged.event, pseudonym, replace) });
  }
  for (const [id, invoice] of state.invoices) {
    if (invoice.customerId === customerId) state.invoices.set(id, { ...invoice, customerId: pseudonym });
  }
  for (const [id, line] of state.lines) {
    if (line.customerId === customerId) state.lines.set(id, { ...line, customerId: pseudonym });
  }
  for (const [id, { customer, stub }] of state.customers) {
    if (customer.parentCustomerId !== customerId) continue;
    state.customers.set(id, { customer: { ...customer, parentCustomerId: pseudonym }, stub });
  }
  for (const hold of state.budgets.holds) {
    if (hold.customerId === customerId) Object.assign(hold, { customerId: pseudonym, body: '' });
  }
  for (const { id, scope } of state.budgets.records.values()) {
    if (scope.customerId === customerId) deleteBudget(state, id);
  }
  state.customers.delete(customerId);
  state.customers.set(pseudonym, { customer: { id: pseudonym, name: pseudonym }, stub: true });
  for (const { event } of state.events.values()) {
    const id = event.customerId;
    if (id === customerId) state.customers.set(id, { customer: { id, name: id }, stub: true });
  }
  erasure.done = true;
}
