import { createHash } from 'node:crypto';
import type { UsageEvent } from '@tallykit/protocol';
import { normalizeDecimal } from '../primitives/money.ts';

// Keys in code unit order at every depth; what is undefined is left out, as on the wire.
function sorted(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const part: unknown = Reflect.get(value, key);
    if (part === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${sorted(part)}`;
  }
  return `{${text}}`;
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
  return createHash('sha256')
    .update(sorted(withNormalDecimals(event)))
    .digest('hex');
}
