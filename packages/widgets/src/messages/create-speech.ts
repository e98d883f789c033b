import { english, type Message, type MessageId, type Messages } from './english.ts';

/** Values for the words in braces. */
export type MessageValues = Readonly<Record<string, string>>;

/** A piece of a text: plain words, or a filled-in value with its name. */
export interface SpokenPart {
  readonly text: string;
  /** The name of the brace that it fills; absent for the words around. */
  readonly name?: string | undefined;
}

/** Says texts in one language; see {@link createSpeech}. */
export interface Speech {
  /** A text with its values filled in. `count` chooses the plural form and fills `{count}` unless a value does. */
  readonly say: (id: MessageId, values?: MessageValues, count?: number) => string;
  /** The same in pieces, so that a value can be set in bold. */
  readonly sayParts: (id: MessageId, values?: MessageValues, count?: number) => readonly SpokenPart[];
}

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
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  const isolated = (value: string): string =>
    direction === 'rtl' && value !== '' ? `\u2068${value}\u2069` : value;

  function sayParts(id: MessageId, values: MessageValues = {}, count?: number): readonly SpokenPart[] {
    const message: Message = own[id] ?? english[id];
    const text =
      typeof message === 'string' ? message : (message[plural.select(count ?? 0)] ?? message.other);
    const filled: MessageValues = count === undefined ? values : { count: number.format(count), ...values };
    return text.split(/(\{[a-z]+\})/).flatMap((piece): SpokenPart[] => {
      const name = /^\{([a-z]+)\}$/.exec(piece)?.[1];
      const value = name === undefined ? undefined : filled[name];
      if (value !== undefined) return [{ text: isolated(value), name }];
      return piece === '' ? [] : [{ text: piece }];
    });
  }

  return {
    sayParts,
    say: (id, values, count) =>
      sayParts(id, values, count)
        .map((part) => part.text)
        .join(''),
  };
}
