import { useSurroundings } from '../provider/surroundings.ts';
import type { MessageId } from '../messages/english.ts';
import type { MessageValues } from '../messages/speech.ts';

interface PhraseProps {
  readonly id: MessageId;
  readonly values?: MessageValues | undefined;
  readonly count?: number | undefined;
  /** The value that is set in bold. */
  readonly strong: string;
  /** A class for the bold value, for example a tone. */
  readonly tone?: string | undefined;
}

/** A text with one of its values in bold. */
export function Phrase({ id, values, count, strong, tone }: PhraseProps) {
  const { sayParts } = useSurroundings().speech;
  return (
    <>
      {sayParts(id, values, count).map((part, index) =>
        part.name === strong ? (
          <strong key={index} className={tone === undefined ? 'tk-strong' : `tk-strong ${tone}`}>
            {part.text}
          </strong>
        ) : (
          <span key={index}>{part.text}</span>
        ),
      )}
    </>
  );
}
