import { hash } from 'node:crypto';
import type { UsageEvent } from '@tallykit/protocol';
import { normalizeDecimal } from '../primitives/money.ts';
import { eventSchemas } from './event-schemas.ts';

const keysByKind = new Map<UsageEvent['kind'], readonly string[]>();
for (const { shape } of Object.values(eventSchemas)) {
  for (const kind of shape.kind.def.values) keysByKind.set(kind, Object.keys(shape).sort());
}

// Keys in code unit order at every depth; what is undefined is left out, as on the wire.
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const copy: Record<string, unknown> = {};
  // Parsed records have no key "__proto__", so plain assignment is safe here.
  for (const key of Object.keys(value).sort()) copy[key] = sorted(Reflect.get(value, key));
  return copy;
}

// A parsed event has no other keys than its kind, so their order need not be found out for each.
function canonicalText(event: UsageEvent): string {
  const copy: Record<string, unknown> = {};
  for (const key of keysByKind.get(event.kind) ?? []) {
    const value: unknown = Reflect.get(event, key);
    if (value !== undefined) copy[key] = typeof value === 'object' ? sorted(value) : value;
  }
  return JSON.stringify(copy);
}

function withNormalDecimals(event: UsageEvent): UsageEvent {
  if (event.kind === 'llm_call' && event.statedCost !== undefined) {
    const { amount } = event.statedCost;
    return { ...event, statedCost: { ...event.statedCost, amount: normalizeDecimal(amount) } };
  }
  if (event.kind === 'signal' && event.value !== undefined) {
    return { ...event, value: { ...event.value, amount: normalizeDecimal(event.value.amount) } };
  }
  if (event.kind === 'goal_completion' && event.value !== undefined) {
    return { ...event, value: { ...event.value, amount: normalizeDecimal(event.value.amount) } };
  }
  return event;
}

/**
 * Tells the same event from another one with its id: SHA-256 (hex) of the parsed event with sorted keys and decimals in
 * their shortest form. The order of keys and the way an amount is written make no difference.
 *
 * @example
 * eventHash(event) === eventHash({ ...event }); // true
 */
export function eventHash(event: UsageEvent): string {
  return hash('sha256', canonicalText(withNormalDecimals(event)));
}
