/** Index of the first bucket that is still open; the number of buckets when all are closed. */
export function openFrom(buckets: readonly { readonly open: boolean }[]): number {
  const index = buckets.findIndex((bucket) => bucket.open);
  return index < 0 ? buckets.length : index;
}
