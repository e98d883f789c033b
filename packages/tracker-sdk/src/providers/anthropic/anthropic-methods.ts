/** Every covered entry point that makes one call, by its place on the client. A place that a version of the SDK lacks is left out. */
export const anthropicMethods: readonly (readonly [path: string, operation: string])[] = [
  ['messages.create', 'chat'],
  ['beta.messages.create', 'chat'],
  ['completions.create', 'text_completion'],
];

/** The entry points that tell what came of many calls. */
export const anthropicBatches: readonly string[] = ['messages.batches', 'beta.messages.batches'];
