import { expect, it } from 'vitest';
import { isPendingReason, pendingReasons, pendingText } from './pending.ts';

it.each(pendingReasons)(
  '%s tells the operator what to do and the customer nothing of prices or providers',
  (reason) => {
    expect(pendingText(reason, 'operator').length).toBeGreaterThan(60);
    expect(pendingText(reason, 'customer')).not.toMatch(
      /catalogue|contract|list|tier|region|model|currency|rate/i,
    );
  },
);

it('knows its own reasons and no other', () => {
  expect(isPendingReason('no_price')).toBe(true);
  expect(isPendingReason('constructor')).toBe(false);
});
