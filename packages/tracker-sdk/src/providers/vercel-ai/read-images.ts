import { doneEnd } from '../../observe/classify-error.ts';
import { readingOf } from '../../observe/usage-reading.ts';
import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { readHeaders, readIdentity, readUsed } from './read-answer.ts';
import { type Answer, countOf, fieldsOf, listOf } from '../../observe/read-value.ts';

/** Sums a count over what a provider adds to each image. */
function sumOf(metadata: Answer, name: string): number | undefined {
  let sum: number | undefined;
  for (const added of Object.values(metadata).map(fieldsOf)) {
    for (const image of listOf(added['images'])) {
      const count = countOf(image[name]);
      if (count !== undefined) sum = (sum ?? 0) + count;
    }
  }
  return sum;
}

/**
 * Takes what the answer of an image model's `doGenerate` tells. What an image model writes are images; what it read is
 * text and images in one count, told apart where the provider does so.
 */
export function readImages(facts: KnownFacts, answer: Answer): CallEnd {
  const response = fieldsOf(answer['response']);
  const metadata = fieldsOf(answer['providerMetadata']);
  readIdentity(facts, response);
  readHeaders(facts, response['headers']);
  readUsed(facts, undefined, metadata);
  const { inputTokens, outputTokens } = fieldsOf(answer['usage']);
  const read = countOf(inputTokens);
  const outputImage = countOf(outputTokens);
  // Where the output is not told, the rest would look like the whole; then the images alone are counted.
  const inputImage = outputImage === undefined ? undefined : sumOf(metadata, 'imageTokens');
  const input = read && inputImage ? Math.max(0, read - inputImage) : read;
  const imagesGenerated = Array.isArray(answer['images']) ? answer['images'].length : undefined;
  const counts = { 'input.total': read, 'output.total': outputImage, images: imagesGenerated };
  Object.assign(facts, readingOf({ input, inputImage, outputImage, imagesGenerated }, counts));
  return doneEnd;
}
