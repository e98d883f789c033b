import type { Money } from '@tallykit/protocol';
import { createFormats } from '@tallykit/widgets/server';

const formats = createFormats('en', Intl.DateTimeFormat().resolvedOptions().timeZone);

/** The amount of one call, six digits; a dash while there is none. */
export function amountText(money: Money | null): string {
  return money ? formats.money(money, 'call') : '–';
}

/** A whole number; a dash where nothing was reported. */
export function countText(count: number | null): string {
  return count === null ? '–' : formats.count(count);
}

/** Time of day of an instant. */
export function clockText(instant: string): string {
  return new Date(instant).toLocaleTimeString('en', { hour12: false });
}
