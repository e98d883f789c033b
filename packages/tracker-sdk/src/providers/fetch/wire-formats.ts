import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, failedEnd, unfinishedEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import { headersOf } from '../../observe/read-headers.ts';
import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';
import { providerIdsOf, readMessage } from '../anthropic/read-message.ts';
import { readStream } from '../anthropic/read-stream.ts';
import { countsIn, readConverse, readModel } from '../bedrock/read-answer.ts';
import { readHeaderUsage, readUsage as readBedrockUsage } from '../bedrock/read-usage.ts';
import { readAnswer as readCohere, readStream as readCohereStream } from '../cohere/read-answer.ts';
import { readAnswers } from '../google/read-answer.ts';
import { endOfAnswer } from '../openai/observe-answer.ts';
import type { AnswerFormat } from '../openai/openai-methods.ts';
import { readHeaders } from '../openai/read-headers.ts';

/** How the answers of one kind of endpoint are read on the wire. */
export interface WireFormat {
  /** Takes what the headers of an answer tell. */
  readonly headers: (facts: KnownFacts, headers: Headers) => void;
  /** Takes an answer that is not streamed; tells how the call ended. */
  readonly whole: (facts: KnownFacts, answer: Answer, body: Answer) => CallEnd;
  readonly stream: (facts: KnownFacts) => StreamReader;
  /** The model writes text: where it was not told how much, that is estimated. */
  readonly text?: boolean | undefined;
  /** Streams come as one JSON array when they are not server-sent events. */
  readonly arrays?: boolean | undefined;
}

/** An error that a host sends as an item of a stream. */
function errorIn({ error, choices }: Answer): CallEnd | undefined {
  return error && !choices ? failedEnd(fieldsOf(error)['code'], 'server_error') : undefined;
}

/** A reader of a host that may send an error in the place of an item. */
function withErrors(reader: StreamReader): StreamReader {
  let failed: CallEnd | undefined;
  return {
    item(item) {
      failed ??= errorIn(item);
      return reader.item(item);
    },
    end: (whole) => failed ?? reader.end(whole),
  };
}

/** OpenAI's endpoints, and those of the hosts that speak like it. */
export function openAIFormat({ read, readStream, text }: AnswerFormat): WireFormat {
  return {
    text,
    headers: readHeaders,
    whole(facts, answer, body) {
      read(facts, answer, body);
      return endOfAnswer(answer);
    },
    stream: (facts) => withErrors(readStream(facts, false)),
  };
}

/** Anthropic's messages, also where other clouds serve them. */
export const anthropicFormat: WireFormat = {
  text: true,
  headers(facts, headers) {
    facts.providerIds = providerIdsOf(headers) ?? facts.providerIds;
  },
  whole(facts, answer) {
    readMessage(facts, answer);
    return doneEnd;
  },
  stream: readStream,
};

/** Google's `generateContent` and `streamGenerateContent`. */
export const googleFormat: WireFormat = {
  arrays: true,
  text: true,
  headers(facts, headers) {
    const tier = headers.get('x-gemini-service-tier');
    if (tier) facts.serviceTier = tier.toLowerCase();
  },
  whole(facts, answer) {
    readAnswers(facts).item(answer);
    return doneEnd;
  },
  stream: (facts) => withErrors(readAnswers(facts)),
};

/** Bedrock's streams are binary, and nothing of them is read. */
const bedrockStream: WireFormat['stream'] = () => ({
  item: () => undefined,
  end: () => unfinishedEnd('usage_absent'),
});

/** Bedrock's Converse, where it answers at once. */
export const converseFormat: WireFormat = {
  headers: readBedrockHeaders,
  whole(facts, answer) {
    readConverse(facts, answer);
    return doneEnd;
  },
  stream: bedrockStream,
};

/** Any model that Bedrock invokes in the model's own words, where it answers at once. */
export const invokeFormat: WireFormat = {
  headers: readBedrockHeaders,
  whole(facts, answer) {
    readModel(facts, answer['model']);
    facts.responseId = textOf(answer['id']) ?? facts.responseId;
    Object.assign(facts, readBedrockUsage(countsIn(answer)));
    return doneEnd;
  },
  stream: bedrockStream,
};

function readBedrockHeaders(facts: KnownFacts, headers: Headers): void {
  const requestId = headersOf(headers)('x-amzn-requestid');
  if (requestId) facts.providerIds = { requestId };
  Object.assign(facts, readHeaderUsage(headers));
}

/** Cohere's endpoints of both versions. On the wire its names have underscores, which its readers know without. */
export const cohereFormat: WireFormat = {
  text: true,
  headers: () => undefined,
  whole(facts, { id, response_id, generation_id, usage, meta }) {
    // Nothing else of an answer is looked at, so that long lists of vectors are not gone through.
    readCohere(facts, inCamelCase({ id, response_id, generation_id, usage, meta }));
    return facts.rawUsage ? doneEnd : unfinishedEnd('usage_absent');
  },
  stream(facts) {
    const { item, end } = readCohereStream(facts);
    return { item: (event) => item(inCamelCase(event)), end };
  },
};

function inCamelCase(value: Answer): Answer {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      inner && typeof inner === 'object' && !Array.isArray(inner) ? inCamelCase(inner as Answer) : inner,
    ]),
  );
}
