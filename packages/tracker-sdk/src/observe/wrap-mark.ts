/**
 * Under this key a wrapped client carries how to wrap one like it for another recorder. The key is known by name, so
 * that two copies of this package agree.
 */
export const wrapMark = Symbol.for('tallykit.wrapped');
