/** Takes the text of a body as it arrives, and gives its items as soon as they are whole. */
export interface PieceReader {
  readonly take: (text: string) => void;
  /** The body is through. */
  readonly finish: () => void;
}

type OnItem = (item: Readonly<Record<string, unknown>>) => void;

/** The most that is kept of one item: beyond it, only what is at its end is. */
export const mostCharacters = 2 ** 22;

/** The object that a text is; nothing for any other text. */
function parsed(text: string): Parameters<OnItem>[0] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' ? (value as Parameters<OnItem>[0]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads lines that hold an item each: of server-sent events, of which only the data counts, or of JSON lines. A line that
 * is too long is passed over.
 */
export function readLines(onItem: OnItem): PieceReader {
  let rest = '';
  let tooLong = false;
  const line = (text: string): void => {
    // Fields of an event other than its data, and the end mark of some hosts, are no items.
    const data = (text.startsWith('data:') ? text.slice(5) : text).trimStart();
    const item = data.startsWith('{') ? parsed(data) : undefined;
    if (item) onItem(item);
  };
  return {
    take(text) {
      const end = text.lastIndexOf('\n');
      if (end >= 0) {
        const lines = (rest + text.slice(0, end)).split('\n');
        if (tooLong) lines.shift();
        tooLong = false;
        rest = '';
        lines.forEach(line);
      }
      rest += end < 0 ? text : text.slice(end + 1);
      if (rest.length > mostCharacters) {
        rest = '';
        tooLong = true;
      }
    },
    finish: () => tooLong || line(rest),
  };
}

/** Reads a JSON array whose items arrive one by one, as Google streams them without server-sent events. */
export function readArray(onItem: OnItem): PieceReader {
  let item = '';
  let depth = 0;
  let inText = false;
  let escaped = false;
  return {
    take(text) {
      let from = 0;
      for (let at = 0; at < text.length; at++) {
        const character = text[at];
        if (escaped) escaped = false;
        else if (inText) {
          escaped = character === '\\';
          inText = character !== '"';
        } else if (character === '"') inText = true;
        else if (character === '{' && depth++ === 0) from = at;
        else if (character === '}' && depth > 0 && --depth === 0) {
          const whole = parsed(item + text.slice(from, at + 1));
          if (whole) onItem(whole);
          item = '';
        }
      }
      if (depth > 0) item = (item + text.slice(from)).slice(-mostCharacters);
    },
    finish: () => undefined,
  };
}

/** Reads one JSON value. Of one that is too long, the usage is found at its end, where providers put it. */
export function readValue(onItem: OnItem): PieceReader {
  let kept = '';
  let cut = false;
  return {
    take(text) {
      kept += text;
      // Cut seldom, so that a long body is not copied for each of its chunks.
      if (kept.length < 2 * mostCharacters) return;
      kept = kept.slice(-mostCharacters);
      cut = true;
    },
    finish() {
      const whole = cut ? undefined : parsed(kept);
      if (whole) return onItem(whole);
      const [, name, usage] =
        /"(usage|usageMetadata)"\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})[^{}]*\}?\s*$/.exec(kept.slice(-4096)) ??
        [];
      if (cut && name && usage) onItem({ [name]: parsed(usage) });
    },
  };
}
