/** Formats counts and shares of one locale; see {@link createCountFormat}. */
export interface CountFormat {
  /** A whole number with all its digits: `1,284,113,908`. */
  readonly count: (count: number) => string;
  /** Three significant digits with a unit: `1.28B`; below 1,000 the number itself. */
  readonly shortCount: (count: number) => string;
  /** Short labels for an axis. */
  readonly countTicks: (ticks: readonly number[]) => readonly string[];
  /** A share of a whole, 0 to 1: `99.3%`. Never rounded up to all or down to nothing. */
  readonly percent: (share: number) => string;
  /** A signed change: `+14.2%`. */
  readonly change: (ratio: number) => string;
}

/**
 * Turns counts, shares and changes into text of one locale.
 *
 * @example
 * const { shortCount, percent } = createCountFormat('en');
 * shortCount(1_284_113_908); // '1.28B'
 * percent(0.99996); // '>99.9%'
 */
export function createCountFormat(locale: string): CountFormat {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(locale, {
    notation: 'compact',
    minimumSignificantDigits: 3,
    maximumSignificantDigits: 3,
  });
  const tick = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const change = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  });
  const largeChange = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  return {
    count: (count) => whole.format(count),
    shortCount: (count) => (Math.abs(count) < 1000 ? whole.format(count) : short.format(count)),
    countTicks: (ticks) => ticks.map((value) => tick.format(value)),
    percent: (share) => {
      if (share > 0 && share < 0.001) return `<${percent.format(0.001)}`;
      if (share < 1 && share > 0.999) return `>${percent.format(0.999)}`;
      return percent.format(share);
    },
    change: (ratio) => (Math.abs(ratio) >= 10 ? largeChange : change).format(ratio),
  };
}
