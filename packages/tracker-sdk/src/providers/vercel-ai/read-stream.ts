import type { StreamReader } from '../../observe/observe-stream.ts';
import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { unfinishedEnd, untoldEnd } from '../../observe/classify-error.ts';
import { endOfModelError } from './end-of-error.ts';
import { answerEnd, type BilledTools, countTool, readIdentity, readUsed } from './read-answer.ts';
import { type Answer, fieldsOf } from '../../observe/read-value.ts';

/** Reasons to finish that mean that no reason was told: a stream that was cut, or that never had one. */
const untold = /^(unknown|other|interrupted)$/;

/** Reads the parts of a stream of `doStream`, of any version of the specification. */
export function readModelStream(facts: KnownFacts, billed: BilledTools): StreamReader {
  let failure: CallEnd | undefined;
  let finished: CallEnd | undefined;
  let deltas = false;
  return {
    item(part) {
      const { type, delta } = part;
      const text = typeof delta === 'string' ? delta : undefined;
      switch (type) {
        case 'stream-start':
          return null;
        case 'response-metadata':
          readIdentity(facts, part);
          return undefined;
        case 'custom': {
          // Anthropic tells what it read before it writes. What it wrote by then is a placeholder.
          if (part['kind'] !== 'anthropic.message_start') return undefined;
          const metadata = fieldsOf(part['providerMetadata']);
          const begun = { ...facts };
          readUsed(begun, anthropicInput(metadata), metadata);
          Object.assign(facts, {
            usage: begun.usage,
            rawUsage: begun.rawUsage,
            serviceTier: begun.serviceTier,
          });
          return undefined;
        }
        case 'tool-input-delta':
          deltas = true;
          return text;
        case 'tool-call':
          if (part['providerExecuted']) countTool(facts, billed, part);
          // The whole input follows its deltas, where there are any.
          return deltas || typeof part['input'] !== 'string' ? undefined : part['input'];
        case 'finish': {
          const tools = facts.usage;
          readUsed(facts, part['usage'], fieldsOf(part['providerMetadata']));
          facts.usage = facts.usage && { ...tools, ...facts.usage };
          const reason = fieldsOf(part['finishReason'])['unified'] ?? part['finishReason'];
          finished =
            facts.usage?.output === undefined && untold.test(String(reason))
              ? unfinishedEnd('usage_absent')
              : answerEnd(part);
          return undefined;
        }
        case 'error':
          // A status in it is the SDK's guess: the answer had begun, and is not whole.
          failure ??= { ...endOfModelError(part['error'], false), complete: false };
          return undefined;
        default:
          return text;
      }
    },
    end: (whole) => failure ?? finished ?? untoldEnd(whole),
  };
}

/** What Anthropic reported at the start of a message, as the AI SDK's counts. */
function anthropicInput(metadata: Answer): Answer {
  const { input_tokens, cache_read_input_tokens } = fieldsOf(fieldsOf(metadata['anthropic'])['usage']);
  return { inputTokens: input_tokens, cachedInputTokens: cache_read_input_tokens };
}
