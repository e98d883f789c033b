import type { KnownFacts } from '../../observe/call-recorder.ts';
import { doneEnd, failedEnd } from '../../observe/classify-error.ts';
import type { StreamReader } from '../../observe/observe-stream.ts';
import type { Answer } from '../../observe/read-value.ts';
import { readFacts } from './read-result.ts';
import { streamEnd } from './read-stream.ts';

/** Splits what the Images API reports into text and pictures, which it bills at their own rates, and counts pictures. */
function readPictures(facts: KnownFacts, answer: Answer, imagesGenerated: number | undefined): void {
  readFacts(facts, answer);
  const { usage = {}, rawUsage } = facts;
  const { input = 0, output = 0 } = usage;
  const seen = Math.min(input, rawUsage?.['input.image_tokens'] ?? 0);
  // Models that only draw say how much, and not what it was.
  const drawn = Math.min(output, rawUsage?.['output.image_tokens'] ?? output);
  facts.usage = {
    ...usage,
    ...(seen ? { input: input - seen, inputImage: seen } : {}),
    ...(usage.output === undefined ? {} : { output: output - drawn || undefined, outputImage: drawn }),
    imagesGenerated,
  };
}

/** Takes what an answer of the Images API says. Where it has no token counts, the pictures are what is billed. */
export function readImages(facts: KnownFacts, answer: Answer): void {
  const { data, usage } = answer;
  const images = Array.isArray(data) ? data.length : undefined;
  if (usage || images !== undefined) readPictures(facts, answer, images);
}

/** Reads events of a picture being drawn: its usage rides in the one that completes it. */
export function readImageStream(facts: KnownFacts): StreamReader {
  const { end, ended } = streamEnd();
  let images = 0;
  return {
    item(event) {
      const type = String(event['type']);
      if (type.endsWith('.completed')) {
        readPictures(facts, event, ++images);
        ended(doneEnd);
      } else if (type === 'error') ended(failedEnd(event['code'], 'server_error'));
      return '';
    },
    end,
  };
}
