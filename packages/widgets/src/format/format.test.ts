import { describe, expect, it } from 'vitest';
import { changeRatio } from './change-ratio.ts';
import { createFormats } from './create-formats.ts';
import { isBelowDigit, isZeroDecimal, sumDecimals } from './decimal.ts';

const formats = createFormats('en', 'Europe/Berlin');
const usd = (amount: string) => ({ amount, currency: 'USD' });

describe('money', () => {
  it('shows totals with the digits of the currency', () => {
    expect(formats.money(usd('2914.0849'))).toBe('$2,914.08');
    expect(formats.money({ amount: '1500', currency: 'JPY' })).toBe('¥1,500');
    expect(formats.money({ amount: '1.5', currency: 'KWD' })).toContain('1.500');
  });

  it('keeps every digit of an amount that no double can hold', () => {
    expect(formats.money(usd('12345678901234567890123456.78'))).toBe(
      '$12,345,678,901,234,567,890,123,456.78',
    );
    expect(formats.money(usd('9007199254740993.01'))).toBe('$9,007,199,254,740,993.01');
  });

  it('shows a single call with six digits', () => {
    expect(formats.money(usd('0.000391'), 'call')).toBe('$0.000391');
    expect(formats.money(usd('0.0000004'), 'call')).toBe('<$0.000001');
  });

  it('never shows an amount as nothing', () => {
    expect(formats.money(usd('0.000000000001'))).toBe('<$0.01');
    expect(formats.money(usd('0.0099'))).toBe('<$0.01');
    expect(formats.money(usd('0.01'))).toBe('$0.01');
    expect(formats.money(usd('-0.004'))).toBe('>-$0.01');
    expect(formats.money({ amount: '0.4', currency: 'JPY' })).toBe('<¥1');
    expect(formats.money(usd('0.000'))).toBe('$0.00');
  });

  it('splits the fraction off without changing the text', () => {
    const german = createFormats('de-DE', 'UTC');
    const parts = german.moneyParts({ amount: '38410.5', currency: 'EUR' });
    expect(parts.map((part) => part.text).join('')).toBe(
      german.money({ amount: '38410.5', currency: 'EUR' }),
    );
    expect(parts.filter((part) => part.fraction).map((part) => part.text)).toEqual([',', '50']);
  });

  it('labels the ticks of one axis with the same digits', () => {
    expect(formats.moneyTicks([0, 60, 120], 'USD')).toEqual(['$0', '$60', '$120']);
    expect(formats.moneyTicks([0, 0.5, 1], 'USD')).toEqual(['$0.0', '$0.5', '$1.0']);
    expect(formats.moneyTicks([0, 20000, 40000], 'USD')).toEqual(['$0', '$20K', '$40K']);
  });
});

describe('counts', () => {
  it('shortens tokens to three significant digits with a unit', () => {
    expect(formats.shortCount(1_284_113_908)).toBe('1.28B');
    expect(formats.shortCount(181_600_000)).toBe('182M');
    expect(formats.shortCount(1200)).toBe('1.20K');
    expect(formats.shortCount(999)).toBe('999');
    expect(formats.shortCount(0)).toBe('0');
  });

  it('rounds a share neither to all nor to nothing', () => {
    expect(formats.percent(0.9932)).toBe('99.3%');
    expect(formats.percent(0.99996)).toBe('>99.9%');
    expect(formats.percent(0.00004)).toBe('<0.1%');
    expect(formats.percent(0)).toBe('0%');
    expect(formats.percent(1)).toBe('100%');
  });

  it('signs a change', () => {
    expect(formats.change(0.142)).toBe('+14.2%');
    expect(formats.change(-0.18)).toBe('-18%');
    expect(formats.change(0)).toBe('0%');
    expect(formats.change(12.34)).toBe('+1,234%');
  });
});

describe('dates', () => {
  it('reads instants in the zone that it is given', () => {
    expect(createFormats('en-GB', 'Europe/Berlin').day('2026-11-19T23:30:00Z')).toBe('20 Nov');
    expect(createFormats('en-GB', 'America/Los_Angeles').day('2026-11-19T23:30:00Z')).toBe('19 Nov');
    expect(createFormats('en-GB', 'Asia/Kathmandu').time('2026-11-19T23:30:00Z')).toBe('05:15');
  });

  it('names the repeated hour of a clock change twice, the same', () => {
    const berlin = createFormats('en-GB', 'Europe/Berlin');
    expect(berlin.bucket('2026-10-25T00:00:00Z', 'hour')).toBe('02:00');
    expect(berlin.bucket('2026-10-25T01:00:00Z', 'hour')).toBe('02:00');
  });

  it('leaves a calendar day alone in every zone', () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC']) {
      expect(createFormats('en-GB', zone).calendarDay('2026-11-20')).toBe('20 Nov');
    }
  });
});

describe('decimals', () => {
  it('adds exactly', () => {
    expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(sumDecimals(['9007199254740993', '0.000000000001'])).toBe('9007199254740993.000000000001');
    expect(sumDecimals(['5', '-5.5'])).toBe('-0.5');
    expect(sumDecimals([])).toBe('0');
  });

  it('knows zero and nearly zero apart', () => {
    expect(isZeroDecimal('-0.000')).toBe(true);
    expect(isBelowDigit('0.0099', 2)).toBe(true);
    expect(isBelowDigit('0', 2)).toBe(false);
    expect(isBelowDigit('0.01', 2)).toBe(false);
  });

  it('compares only with something', () => {
    expect(changeRatio('114.2', '100')).toBe(0.142);
    expect(changeRatio('5', '0')).toBeNull();
    expect(changeRatio('5', null)).toBeNull();
  });
});
