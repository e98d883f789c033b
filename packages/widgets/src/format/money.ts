import type { Money } from '@tallykit/protocol';
import { isBelowDigit } from './decimal.ts';

/** `total`: the currency's own digits (two for USD). `call`: six, for a single call or an average. */
export type MoneyStyle = 'total' | 'call';

/** A piece of a formatted amount; the fraction can be set smaller than the rest. */
export interface MoneyPart {
  readonly text: string;
  readonly fraction: boolean;
}

/** Formats amounts of one locale; see {@link createMoneyFormat}. */
export interface MoneyFormat {
  /** `$2,914.08`; `<$0.01` for what would round to nothing. */
  readonly money: (money: Money, style?: MoneyStyle) => string;
  /** The same text in pieces, joined they are equal to `money(value)`. */
  readonly moneyParts: (money: Money) => readonly MoneyPart[];
  /** Short labels for an axis, alike in their digits: `$0`, `$60`, `$120`. Takes plain numbers, since a tick is no amount. */
  readonly moneyTicks: (ticks: readonly number[], currency: string) => readonly string[];
}

const callDigits = 6;

/** Ticks stand beside a headline that names the currency in full. */
const narrow: Intl.NumberFormatOptions = { currencyDisplay: 'narrowSymbol' };

function tickDigits(ticks: readonly number[]): number {
  const decimals = ticks.map((tick) => {
    const [, fraction = ''] = tick.toFixed(9).replace(/0+$/, '').split('.');
    return fraction.length;
  });
  return Math.max(0, ...decimals);
}

/**
 * Turns decimal strings into text of one locale. The digits come from the string itself: an amount is never turned
 * into a float on its way to the page.
 *
 * @example
 * createMoneyFormat('en').money({ amount: '2914.0849', currency: 'USD' }); // '$2,914.08'
 */
export function createMoneyFormat(locale: string): MoneyFormat {
  const known = new Map<string, Intl.NumberFormat>();
  function formatFor(currency: string, options: Intl.NumberFormatOptions, key: string): Intl.NumberFormat {
    const name = `${currency} ${key}`;
    let format = known.get(name);
    if (!format) {
      format = new Intl.NumberFormat(locale, { style: 'currency', currency, ...options });
      known.set(name, format);
    }
    return format;
  }
  function amountFormat(currency: string, style: MoneyStyle): Intl.NumberFormat {
    if (style === 'total') return formatFor(currency, {}, 'total');
    return formatFor(
      currency,
      { minimumFractionDigits: callDigits, maximumFractionDigits: callDigits },
      'call',
    );
  }

  function partsOf(money: Money, style: MoneyStyle): readonly MoneyPart[] {
    const format = amountFormat(money.currency, style);
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    const below = isBelowDigit(money.amount, digits);
    const negative = money.amount.startsWith('-');
    const shown = below ? `${negative ? '-' : ''}${(10 ** -digits).toFixed(digits)}` : money.amount;
    const parts = format
      .formatToParts(shown as Intl.StringNumericLiteral)
      .map((part) => ({ text: part.value, fraction: part.type === 'fraction' || part.type === 'decimal' }));
    // A small negative lies above the smallest negative amount that can be shown.
    return below ? [{ text: negative ? '>' : '<', fraction: false }, ...parts] : parts;
  }

  return {
    money: (money, style = 'total') =>
      partsOf(money, style)
        .map((part) => part.text)
        .join(''),
    moneyParts: (money) => partsOf(money, 'total'),
    moneyTicks: (ticks, currency) => {
      const short = Math.max(...ticks.map(Math.abs), 0) >= 10_000;
      const digits = short ? 0 : tickDigits(ticks);
      const format = short
        ? formatFor(currency, { ...narrow, notation: 'compact', maximumSignificantDigits: 3 }, 'short')
        : formatFor(
            currency,
            { ...narrow, minimumFractionDigits: digits, maximumFractionDigits: digits },
            `tick ${digits}`,
          );
      return ticks.map((tick) => format.format(tick));
    },
  };
}
