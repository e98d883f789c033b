import { describeValues } from '../charts/description/describe-values.ts';
import type { Values } from '../charts/scale/stack-series.ts';
import type { Speech } from '../messages/speech.ts';

interface Summarized {
  readonly values: Values;
  readonly openFrom: number;
  /** The full name of a bucket. */
  readonly name: (index: number) => string;
  /** The value of a bucket in words. */
  readonly value: (index: number) => string;
}

/** What is to be seen in a picture, in a sentence or two, for readers who do not see it. */
export function summarize({ values, openFrom, name, value }: Summarized, { say }: Speech): string {
  const found = describeValues(values, openFrom);
  const both = (index: number): string => `${name(index)}, ${value(index)}`;
  return [
    found && say('picture.summary', { highest: both(found.highest), lowest: both(found.lowest) }),
    found && found.gaps > 0 && say('picture.gaps', {}, found.gaps),
    openFrom < values.length && say('picture.open', { bucket: name(openFrom) }),
  ]
    .filter((sentence) => typeof sentence === 'string')
    .join(' ');
}
