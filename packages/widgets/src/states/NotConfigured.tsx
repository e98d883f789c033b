import { useSurroundings } from '../provider/surroundings.ts';
import { StateMessage } from './StateMessage.tsx';

interface NotConfiguredProps {
  /** Where it can be set up; no link when absent. */
  readonly href?: string | undefined;
  readonly title?: string | undefined;
  readonly text?: string | undefined;
}

/** The vendor has not set up what this widget shows. */
export function NotConfigured({ href, title, text }: NotConfiguredProps) {
  const { say } = useSurroundings().speech;
  return (
    <StateMessage title={title ?? say('not-configured.title')} text={text ?? say('not-configured.text')}>
      {href !== undefined && (
        <a className="tk-link" href={href}>
          {say('not-configured.link')}
        </a>
      )}
    </StateMessage>
  );
}
