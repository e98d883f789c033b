import type { MessageId } from './english.ts';
import type { Message } from './message.ts';

/** Values for the words in braces. */
export type MessageValues = Readonly<Record<string, string>>;

/** A piece of a text: plain words, or a filled-in value with its name. */
export interface SpokenPart {
  readonly text: string;
  /** The name of the brace that it fills; absent for the words around. */
  readonly name?: string | undefined;
}

/** Texts by their names, any part of all. */
export type Texts = { readonly [id in MessageId]?: Message };

/** Says texts in one language; see `createSpeech`. */
export interface Speech {
  /** A text with its values filled in. `count` chooses the plural form and fills `{count}` unless a value does. */
  readonly say: (id: MessageId, values?: MessageValues, count?: number) => string;
  /** The same in pieces, so that a value can be set in bold. */
  readonly sayParts: (id: MessageId, values?: MessageValues, count?: number) => readonly SpokenPart[];
  /** Whether there is a text of this name. */
  readonly knows: (name: string) => name is MessageId;
  /** The same language with further texts, such as those of one widget; the host's own still come first. */
  readonly with: (texts: Texts) => Speech;
}

/** What a speech is made of. */
interface SpeechParts {
  readonly locale: string;
  /** The host's texts, any part of them. */
  readonly own: Texts;
  readonly direction: 'ltr' | 'rtl';
  /** What is said where the host has no text of its own. */
  readonly texts: Texts;
}

/** What a language does with counts and values, whatever it says. Made once: `Intl` objects are slow to create. */
interface Grammar {
  readonly plural: Intl.PluralRules;
  readonly number: Intl.NumberFormat;
  readonly isolated: (value: string) => string;
}

function speechIn(grammar: Grammar, own: Texts, texts: Texts): Speech {
  const { plural, number, isolated } = grammar;

  function sayParts(id: MessageId, values: MessageValues = {}, count?: number): readonly SpokenPart[] {
    const message = own[id] ?? texts[id] ?? id;
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
    knows: (name): name is MessageId => Object.hasOwn(texts, name),
    with: (further) => speechIn(grammar, own, { ...texts, ...further }),
    say: (id, values, count) =>
      sayParts(id, values, count)
        .map((part) => part.text)
        .join(''),
  };
}

/** Puts texts together: ours, or the host's where it gave its own. A text that is missing shows as its name. */
export function speechOf({ locale, own, direction, texts }: SpeechParts): Speech {
  const grammar: Grammar = {
    plural: new Intl.PluralRules(locale),
    number: new Intl.NumberFormat(locale),
    isolated: (value) => (direction === 'rtl' && value !== '' ? `\u2068${value}\u2069` : value),
  };
  return speechIn(grammar, own, texts);
}
