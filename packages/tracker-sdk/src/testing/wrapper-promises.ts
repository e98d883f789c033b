/**
 * What every provider wrapper promises, in the order in which it is tested, with the number of the conformance case
 * that a promise belongs to.
 */
export const wrapperPromises = {
  'counts a call once, in exact buckets': null,
  'tells zero from nothing reported': 10,
  'counts a stream like a call, and times its first chunk': null,
  'leaves every item of a stream as it is': null,
  'records a stream that the host breaks off, and stops the request': 8,
  'records a stream whose consumer throws, and lets the error through': 8,
  'records a stream that the host aborts': 8,
  'records a stream that is never read, at shutdown': 8,
  'lets an error through unchanged and records it': 9,
  'lets an error in the middle of a stream through and records it': 9,
  'records a call that was aborted before it began': 8,
  'records each attempt that the SDK makes, and counts one call': 9,
  'keeps concurrent runs apart': 13,
  'fixes attribution when the call starts': 13,
  'knows no customer across a queue, unless it is told there': 13,
  'attributes explicitly without ambient storage': 13,
  'sends no text of prompt or answer': 14,
  'counts once when the client is wrapped twice': null,
  'leaves calls alone when delivery fails': 12,
} as const;

/** Title of one promise of the suite. */
export type ProviderWrapperPromise = keyof typeof wrapperPromises;

/** The title under which a promise is tested. */
export function titleOfPromise(promise: ProviderWrapperPromise): string {
  const conformanceCase = wrapperPromises[promise];
  return conformanceCase === null ? promise : `conformance ${conformanceCase}: ${promise}`;
}
