import { addDecimals, exactAmount, multiplyExact, type ExactAmount } from '../primitives/money.ts';

/** What the organization tells its customers that a call costs: `basis * (1 + markup)`. */
export interface ChargeRule {
  /** The catalogue's amount or the contract's. */
  readonly basis: 'list' | 'effective';
  /** A decimal: `0` for none, `0.2` for twenty percent on top, `-0.1` for ten off. */
  readonly markup: string;
}

/** List, without a markup. */
export const defaultChargeRule: ChargeRule = { basis: 'list', markup: '0' };

/**
 * The charge of a call from its exact amounts, not rounded yet.
 *
 * @example
 * chargeOf({ basis: 'list', markup: '0.2' }, { list, effective });
 */
export function chargeOf(
  rule: ChargeRule,
  amounts: { readonly list: ExactAmount; readonly effective: ExactAmount },
): ExactAmount {
  const basis = amounts[rule.basis];
  return rule.markup === '0' ? basis : multiplyExact(basis, exactAmount(addDecimals('1', rule.markup)));
}
