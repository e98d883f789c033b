import { useSurroundings } from '../provider/surroundings.ts';
import { StateMessage } from './StateMessage.tsx';

interface FailedProps {
  readonly code: string | null;
  readonly onRetry?: (() => void) | undefined;
}

/** The figures could not be loaded. The code helps whoever is asked about it. */
export function Failed({ code, onRetry }: FailedProps) {
  const { say } = useSurroundings().speech;
  return (
    <StateMessage title={say('failed.title')} text={say('failed.text')}>
      {code !== null && <p className="tk-state-code">{say('failed.code', { code })}</p>}
      {onRetry && (
        <button type="button" className="tk-button" onClick={onRetry}>
          {say('card.retry')}
        </button>
      )}
    </StateMessage>
  );
}
