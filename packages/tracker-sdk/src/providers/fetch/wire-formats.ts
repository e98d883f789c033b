import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { failedEnd } from '../../observe/classify-error.ts';
import { providerIdsOf, readMessage } from '../anthropic/read-message.ts';
import { readStream, writtenIn as writtenInMessage } from '../anthropic/read-stream.ts';
import { countsIn, readConverse, readModel } from '../bedrock/read-answer.ts';
import { readHeaderUsage, readUsage as readBedrockUsage } from '../bedrock/read-usage.ts';
import { readAnswers, writtenIn as writtenInCandidates } from '../google/read-answer.ts';
import type { AnswerFormat } from '../openai/openai-methods.ts';
import { readHeaders } from '../openai/read-headers.ts';
import { type Answer, responseEnd, textOf } from '../openai/read-result.ts';

/** How the answers of one kind of endpoint are read on the wire. */
export interface WireFormat {
  /** Takes what the headers of an answer tell. */
  readonly headers: (facts: KnownFacts, headers: Headers) => void;
  /** Takes an answer that is not streamed; tells how the call ended. */
  readonly whole: (facts: KnownFacts, answer: Answer, body: Answer) => CallEnd;
  readonly stream: (facts: KnownFacts) => {
    readonly item: (item: Answer) => void;
    readonly end: (whole: boolean) => CallEnd;
  };
  /** The text that the model wrote in an item of a stream; absent where it writes something else. */
  readonly written?: ((item: Answer) => string | undefined) | undefined;
  /** Streams come as one JSON array when they are not server-sent events. */
  readonly arrays?: boolean | undefined;
}

const done: CallEnd = { status: 'ok', complete: true };

/** An error that a host sends as an item of a stream. */
function errorIn({ error, choices }: Answer): CallEnd | undefined {
  return error && !choices ? failedEnd((error as Answer)['code'], 'server_error') : undefined;
}

/** OpenAI's endpoints, and those of the hosts that speak like it. */
export function openAIFormat({ read, readStream, written }: AnswerFormat): WireFormat {
  return {
    written,
    headers: readHeaders,
    whole(facts, answer, body) {
      read(facts, answer, body);
      const pending = /^(queued|in_progress)$/.test(String(answer['status']));
      return responseEnd(answer) ?? { ...done, complete: !pending };
    },
    stream(facts) {
      const reader = readStream(facts, false);
      let failed: CallEnd | undefined;
      return {
        item(item) {
          failed ??= errorIn(item);
          reader.item(item);
        },
        end: (whole) => failed ?? reader.end(whole),
      };
    },
  };
}

/** Anthropic's messages, also where other clouds serve them. */
export const anthropicFormat: WireFormat = {
  written: writtenInMessage,
  headers(facts, headers) {
    facts.providerIds = providerIdsOf(headers) ?? facts.providerIds;
  },
  whole(facts, answer) {
    readMessage(facts, answer);
    return done;
  },
  stream: readStream,
};

/** Google's `generateContent` and `streamGenerateContent`. */
export const googleFormat: WireFormat = {
  arrays: true,
  written: writtenInCandidates,
  headers(facts, headers) {
    const tier = headers.get('x-gemini-service-tier');
    if (tier) facts.serviceTier = tier.toLowerCase();
  },
  whole(facts, answer) {
    readAnswers(facts).read(answer);
    return done;
  },
  stream(facts) {
    const reader = readAnswers(facts);
    let failed: CallEnd | undefined;
    return {
      item(item) {
        failed ??= errorIn(item);
        reader.read(item);
      },
      end: (whole) => failed ?? reader.end(whole),
    };
  },
};

/** Bedrock's streams are binary, and nothing of them is read. */
const bedrockStream: WireFormat['stream'] = () => ({
  item: () => undefined,
  end: () => ({ status: 'ok', complete: false, errorClass: 'usage_absent' }),
});

/** Bedrock's Converse, where it answers at once. */
export const converseFormat: WireFormat = {
  headers: readBedrockHeaders,
  whole(facts, answer) {
    readConverse(facts, answer);
    return done;
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
    return done;
  },
  stream: bedrockStream,
};

function readBedrockHeaders(facts: KnownFacts, headers: Headers): void {
  const requestId = textOf(headers.get('x-amzn-requestid'));
  if (requestId) facts.providerIds = { requestId };
  Object.assign(facts, readHeaderUsage(Object.fromEntries(headers)));
}
