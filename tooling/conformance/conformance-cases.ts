/** What a tracker gets wrong when nobody looks: the cases that each provider is tested for, by their number. */
export const conformanceCases = {
  1: 'A chat stream of OpenAI is counted whether or not the caller asked for the usage chunk, which only a caller who asked gets to see.',
  2: 'An answer of the Responses API is counted by its last event, also when it failed, is incomplete, or ran in the background and was polled.',
  3: 'A stream of Anthropic keeps the input told at its start and the output told at its end, and never takes the placeholder for a count.',
  4: 'Usage of Gemini is counted with thoughts inside or beside the output, cached and tool tokens, and each modality apart.',
  5: 'Bedrock is counted through Converse and InvokeModel, in the shapes of Claude and Nova, under ids that begin with a region.',
  6: 'A loop of several steps is one call a step, in every usage shape of its SDK, also when it is aborted between steps.',
  7: 'Hosts that speak the API of another provider are counted by their own convention for cached tokens, with the cost that they state.',
  8: 'A host may leave, throw in, abort, never read, or split a stream, and take its answer in every way that the SDK offers.',
  9: 'An error reaches the host as it is, also in the middle of a stream and after the retries of the SDK, and is recorded.',
  10: 'A reported zero stays zero, and what was not reported stays absent.',
  11: 'Two copies of an SDK work side by side, and one answer that is seen twice counts once.',
  12: 'A call is left alone and accounted for, whatever becomes of delivery.',
  13: 'A call belongs to its run, to the context it was given explicitly, or to nobody, also across a queue.',
  14: 'No text, file, header, tool argument or error message leaves the host.',
  15: 'Nothing is waited for before the first byte, and a long stream is neither kept nor read ahead.',
} as const;

/** Number of a case. */
export type ConformanceCase = keyof typeof conformanceCases;

/** All numbers, in order. */
export const caseNumbers = Object.keys(conformanceCases).map(Number) as ConformanceCase[];

/** The troubles of delivery that case 12 consists of: each is named in the title of a test, after the number. */
export const deliveryTroubles = [
  'the collector is down',
  'the collector is slow',
  '413',
  '429',
  'partial acceptance',
  'clock skew',
  'process exit',
  'without waitUntil',
] as const;
