import { createCountFormat, type CountFormat } from './counts.ts';
import { createDateFormat, type DateFormat } from './dates.ts';
import { createMoneyFormat, type MoneyFormat } from './money.ts';

/** Everything that turns values into text for one locale and one time zone. */
export interface Formats extends MoneyFormat, CountFormat, DateFormat {
  readonly locale: string;
  readonly timeZone: string;
}

/**
 * Makes the formats of one locale (BCP 47) and one IANA zone. Make them once and keep them: each holds its `Intl`
 * objects, which are slow to create.
 *
 * @example
 * const formats = createFormats('de-DE', 'Europe/Berlin');
 * formats.money({ amount: '1.5', currency: 'EUR' }); // '1,50 €'
 */
export function createFormats(locale: string, timeZone: string): Formats {
  return {
    locale,
    timeZone,
    ...createMoneyFormat(locale),
    ...createCountFormat(locale),
    ...createDateFormat(locale, timeZone),
  };
}
