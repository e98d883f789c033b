import type { ConformanceCase } from './conformance-cases.ts';

/** A part of the tracker that the cases are tested on. */
export interface ConformanceSubject {
  readonly name: string;
  /** Heads its column of the table. */
  readonly short: string;
  /** Below packages/tracker-sdk/src. */
  readonly folder: string;
  /** Below docs/guides. */
  readonly page: string;
  /** What the list of pages adds to the name. */
  readonly note?: string;
  /** The cases that cannot happen to it, each with the reason. */
  readonly exempt: Readonly<Partial<Record<ConformanceCase, string>>>;
}

const ownApi = (provider: string) => ({
  1: `${provider} does not answer in chat chunks of OpenAI.`,
  2: `${provider} has no Responses API.`,
});
const noAnthropic = 'Claude is not among its models.';
const noGemini = 'Gemini is not among its models.';
const noBedrock = 'It does not speak the API of Bedrock.';
const noLoop = 'Its client makes one request a call and runs no tools by itself.';
const ownHost = 'Every host that speaks its API counts in its own convention.';

/** Every provider with a page of its own, in the order in which the pages are listed. */
export const providers: readonly ConformanceSubject[] = [
  {
    name: 'OpenAI, Azure and compatible hosts',
    short: 'OpenAI',
    folder: 'providers/openai',
    page: 'providers/openai.md',
    exempt: {
      3: 'It answers in shapes of OpenAI, whoever made the model.',
      4: 'It answers in shapes of OpenAI, whoever made the model.',
      5: noBedrock,
    },
  },
  {
    name: 'Anthropic',
    short: 'Anthropic',
    folder: 'providers/anthropic',
    page: 'providers/anthropic.md',
    exempt: { ...ownApi('Anthropic'), 4: noGemini },
  },
  {
    name: 'Google Gen AI',
    short: 'Google',
    folder: 'providers/google',
    page: 'providers/google.md',
    exempt: { ...ownApi('Gemini'), 3: noAnthropic, 5: noBedrock, 7: ownHost },
  },
  {
    name: 'Amazon Bedrock',
    short: 'Bedrock',
    folder: 'providers/bedrock',
    page: 'providers/bedrock.md',
    exempt: {
      ...ownApi('Bedrock'),
      3: 'Claude on Bedrock is part of case 5.',
      4: noGemini,
      6: noLoop,
      7: ownHost,
    },
  },
  {
    name: 'Mistral',
    short: 'Mistral',
    folder: 'providers/mistral',
    page: 'providers/mistral.md',
    exempt: {
      1: 'Its last chunk tells the usage without being asked.',
      2: 'Mistral has no Responses API.',
      3: noAnthropic,
      4: noGemini,
      5: noBedrock,
      6: noLoop,
      7: ownHost,
    },
  },
  {
    name: 'Cohere',
    short: 'Cohere',
    folder: 'providers/cohere',
    page: 'providers/cohere.md',
    exempt: {
      ...ownApi('Cohere'),
      3: noAnthropic,
      4: noGemini,
      5: "Its clients of Bedrock speak Cohere's own shape.",
      6: noLoop,
      7: ownHost,
    },
  },
  {
    name: 'Vercel AI SDK',
    short: 'AI SDK',
    folder: 'providers/vercel-ai',
    page: 'providers/vercel-ai.md',
    exempt: {},
  },
  {
    name: 'LangChain',
    short: 'LangChain',
    folder: 'providers/langchain',
    page: 'providers/langchain.md',
    exempt: {
      1: 'LangChain asks for the usage chunk itself, and its handlers see no chunks of the wire.',
      3: 'LangChain joins the counts of a stream before its handlers see them.',
    },
  },
  {
    name: 'Any client that takes a fetch function',
    short: 'fetch',
    folder: 'providers/fetch',
    page: 'providers/fetch.md',
    exempt: { 6: 'Each request is a call, whichever loop made it.' },
  },
  {
    name: 'MCP clients',
    short: 'MCP',
    folder: 'providers/mcp',
    page: 'providers/mcp.md',
    note: 'tools',
    exempt: {
      1: 'A tool has no usage.',
      2: 'A tool has no usage.',
      3: 'A tool has no usage.',
      4: 'A tool has no usage.',
      5: 'A tool has no usage.',
      6: 'Each invocation is a tool call, whichever loop made it.',
      7: 'A tool has no usage.',
      10: 'A tool has no usage.',
    },
  },
];

const ofProvider = 'How the answer of a provider is read is tested with that provider.';

/** What is not about one provider and has cases of its own. */
export const others: readonly ConformanceSubject[] = [
  {
    name: 'Spans of OpenTelemetry',
    short: 'spans',
    folder: 'otel',
    page: 'opentelemetry.md',
    exempt: {
      1: ofProvider,
      2: ofProvider,
      3: ofProvider,
      4: ofProvider,
      5: ofProvider,
      7: ofProvider,
      8: 'A span is seen when it has ended, and holds no stream.',
    },
  },
  {
    name: 'Delivery',
    short: 'delivery',
    folder: 'delivery',
    page: 'tracker.md',
    exempt: {
      1: ofProvider,
      2: ofProvider,
      3: ofProvider,
      4: ofProvider,
      5: ofProvider,
      6: ofProvider,
      7: ofProvider,
      8: 'It carries events of calls that have ended.',
      9: 'It carries events of calls that have ended.',
      10: 'It carries usage as it was read.',
      11: 'The server counts a response once; sending a batch twice is part of case 12.',
      13: 'Attribution is fixed before an event is delivered.',
      14: 'Events have no field for text.',
      15: 'It runs beside the calls, never inside of one.',
    },
  },
];

/** All that the table shows. */
export const conformanceSubjects: readonly ConformanceSubject[] = [...providers, ...others];
