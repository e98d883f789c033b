/** One covered entry point. */
export interface CohereMethod {
  /** Which version of the API has it: each is an object of its own in the SDK. */
  readonly version: 'v1' | 'v2';
  readonly name: string;
  readonly operation: string;
}

const method = (version: 'v1' | 'v2', name: string, operation: string): CohereMethod => ({
  version,
  name,
  operation,
});

/** Every covered entry point. One that a version of the SDK lacks is left out. */
export const cohereMethods: readonly CohereMethod[] = [
  method('v2', 'chat', 'chat'),
  method('v2', 'chatStream', 'chat'),
  method('v2', 'embed', 'embeddings'),
  method('v2', 'rerank', 'rerank'),
  method('v1', 'chat', 'chat'),
  method('v1', 'chatStream', 'chat'),
  method('v1', 'generate', 'text_completion'),
  method('v1', 'generateStream', 'text_completion'),
  method('v1', 'summarize', 'text_completion'),
  method('v1', 'embed', 'embeddings'),
  method('v1', 'rerank', 'rerank'),
  method('v1', 'classify', 'classify'),
];
