import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  costAtRate,
  costOfQuantity,
  decimalOfNumber,
  exactAmount,
  exactRate,
  divideDecimal,
  divideToNumber,
  fromMinorUnits,
  multiplyDecimals,
  multiplyExact,
  normalizeDecimal,
  roundDecimal,
  roundExact,
  subtractDecimals,
  sumExact,
  sumMoney,
  writeExact,
} from './money.ts';

const scale = 12n;

// An independent oracle: amounts as whole numbers of 1e-12.
const scaled = fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n });

function write(units: bigint, places: bigint): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(Number(places) + 1, '0');
  const whole = digits.slice(0, digits.length - Number(places));
  const fraction = digits.slice(digits.length - Number(places)).replace(/0+$/, '');
  return (negative ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
}

function halfEven(units: bigint, divisor: bigint): bigint {
  const negative = units < 0n;
  const size = negative ? -units : units;
  const quotient = size / divisor;
  const twice = (size % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  const rounded = quotient + (up ? 1n : 0n);
  return negative ? -rounded : rounded;
}

describe('money', () => {
  it('adds, subtracts, multiplies and compares exactly as whole numbers do', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const [left, right] = [write(a, scale), write(b, scale)];
        expect(addDecimals(left, right)).toBe(write(a + b, scale));
        expect(subtractDecimals(left, right)).toBe(write(a - b, scale));
        expect(multiplyDecimals(left, right)).toBe(write(a * b, scale * 2n));
        expect(compareDecimals(left, right)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it('prices any safe quantity exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 18n }),
        fc.nat(Number.MAX_SAFE_INTEGER),
        fc.constantFrom(0n, 3n, 6n, 9n),
        (rate, quantity, exponent) => {
          const per = Number(10n ** exponent);
          expect(costOfQuantity(quantity, write(rate, scale), per)).toBe(
            write(rate * BigInt(quantity), scale + exponent),
          );
        },
      ),
    );
  });

  it('rounds ties to the even digit, below zero too', () => {
    fc.assert(
      fc.property(scaled, fc.integer({ min: 0, max: 11 }), (units, places) => {
        const divisor = 10n ** (scale - BigInt(places));
        expect(roundDecimal(write(units, scale), places)).toBe(
          write(halfEven(units, divisor), BigInt(places)),
        );
      }),
    );
    expect(roundDecimal('0.125', 2)).toBe('0.12');
    expect(roundDecimal('0.135', 2)).toBe('0.14');
    expect(roundDecimal('-0.125', 2)).toBe('-0.12');
    expect(roundDecimal('-0.0000000000001', 12)).toBe('0');
  });

  it('keeps a quotient without an end to thirty places', () => {
    expect(costOfQuantity(1, '0.01', 60)).toBe('0.000166666666666666666666666667');
    expect(costOfQuantity(60, '0.01', 60)).toBe('0.01');
  });

  it.each([
    ['0.10', '0.1'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['007', '7'],
    ['1000000', '1000000'],
    ['0.000000000001', '0.000000000001'],
    ['12345678901234567890123456.123456789012', '12345678901234567890123456.123456789012'],
  ])('writes %s as %s', (text, shortest) => {
    expect(normalizeDecimal(text)).toBe(shortest);
  });

  it.each(['', '1e3', 'NaN', 'Infinity', '.5', '5.', '+1', '0x10', '1,000', ' 1', '--1'])(
    'refuses %j as an amount',
    (text) => {
      expect(() => normalizeDecimal(text)).toThrow(RangeError);
      expect(() => addDecimals('1', text)).toThrow(RangeError);
    },
  );

  it.each([
    [1.5, 1],
    [Number.NaN, 1],
    [1, 0],
    [1, -5],
    [2 ** 60, 1],
  ])('refuses to price %s units at a rate for %s', (quantity, per) => {
    expect(() => costOfQuantity(quantity, '1', per)).toThrow(RangeError);
  });

  it('knows the minor units of a currency', () => {
    expect(fromMinorUnits(1050, 'USD')).toBe('10.5');
    expect(fromMinorUnits(-1, 'USD')).toBe('-0.01');
    expect(fromMinorUnits(1050, 'JPY')).toBe('1050');
    expect(fromMinorUnits(1050n, 'KWD')).toBe('1.05');
    expect(() => fromMinorUnits(10.5, 'USD')).toThrow(RangeError);
    expect(fromMinorUnits(5, '__proto__')).toBe('0.05');
  });

  it('keeps every minor unit of every amount', () => {
    const places = { USD: 2, JPY: 0, KWD: 3, CLF: 4 } as const;
    const currencies = fc.constantFrom(...(Object.keys(places) as (keyof typeof places)[]));
    fc.assert(
      fc.property(fc.maxSafeInteger(), currencies, (minor, currency) => {
        const { units, places: kept } = exactAmount(fromMinorUnits(minor, currency));
        expect(units * 10n ** BigInt(places[currency] - kept)).toBe(BigInt(minor));
      }),
    );
  });

  it('never adds one currency to another', () => {
    expect(
      sumMoney([
        { amount: '1.10', currency: 'USD' },
        { amount: '2', currency: 'EUR' },
        { amount: '-0.1', currency: 'USD' },
      ]),
    ).toEqual([
      { amount: '2', currency: 'EUR' },
      { amount: '1', currency: 'USD' },
    ]);
    expect(sumMoney([])).toEqual([]);
  });

  it('reads a float as the decimal that was meant', () => {
    expect(decimalOfNumber(0.075)).toBe('0.075');
    expect(decimalOfNumber(1e-7)).toBe('0.0000001');
    expect(decimalOfNumber(0.18000000000000002)).toBe('0.18');
    expect(decimalOfNumber(-0)).toBe('0');
    expect(() => decimalOfNumber(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });

  it('gives no ratio to nothing', () => {
    expect(divideToNumber('1', '4')).toBe(0.25);
    expect(divideToNumber('1', '0.00')).toBeNull();
  });
});

describe('an exact amount', () => {
  const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((units) => write(units, scale));

  it('adds, multiplies and rounds to the same digits as decimal text does', () => {
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 0, max: 14 }), (a, b, places) => {
        expect(writeExact(exactAmount(a))).toBe(a);
        expect(writeExact(sumExact([exactAmount(a), exactAmount(b)]))).toBe(addDecimals(a, b));
        expect(writeExact(multiplyExact(exactAmount(a), exactAmount(b)))).toBe(multiplyDecimals(a, b));
        expect(writeExact(roundExact(exactAmount(a), places))).toBe(roundDecimal(a, places));
      }),
    );
    expect(writeExact(sumExact([]))).toBe('0');
  });

  it('costs a quantity the same as decimal text does, also where the rate cannot be split evenly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 16n }),
        fc.nat(Number.MAX_SAFE_INTEGER),
        fc.constantFrom(1, 7, 60, 1000, 3600, 1_000_000, 1_000_000_000),
        (units, quantity, per) => {
          const rate = write(units, scale);
          expect(writeExact(costAtRate(quantity, exactRate(rate, per)))).toBe(
            costOfQuantity(quantity, rate, per),
          );
        },
      ),
    );
  });
});

describe('divideDecimal', () => {
  it('is exact, rounded half-even at the last place', () => {
    expect(divideDecimal('10', 3, 4)).toBe('3.3333');
    expect(divideDecimal('0.5', 2)).toBe('0.25');
    expect(divideDecimal('1', 8, 2)).toBe('0.12');
    expect(divideDecimal('3', 8, 2)).toBe('0.38');
    expect(divideDecimal('-1', 3, 2)).toBe('-0.33');
    expect(divideDecimal('-3', 8, 2)).toBe('-0.38');
    expect(divideDecimal('0.000000000000000001', 1)).toBe('0');
    expect(divideDecimal('900719925474099267.5', 3)).toBe('300239975158033089.166666666667');
  });
});
