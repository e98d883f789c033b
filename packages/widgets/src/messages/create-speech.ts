import { english, type Messages } from './english.ts';
import { speechOf, type Speech } from './speech.ts';

/**
 * Puts texts together: ours, or the host's where it gave its own.
 *
 * @param locale decides plural forms.
 * @param own the host's texts, any part of them.
 * @param direction of the text. From right to left, values are isolated, so that an amount or a model's name keeps its
 *   own order within the sentence.
 * @example
 * createSpeech('en', { 'token-spend.title': 'AI spend' }).say('token-spend.title'); // 'AI spend'
 */
export function createSpeech(
  locale: string,
  own: Partial<Messages> = {},
  direction: 'ltr' | 'rtl' = 'ltr',
): Speech {
  return speechOf({ locale, own, direction, texts: english });
}
