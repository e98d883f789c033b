import { useSurroundings } from '../provider/surroundings.ts';
import { StateMessage } from './StateMessage.tsx';

/** The reader may not see these figures, or has to sign in again. */
export function Denied({ reason }: { readonly reason: 'role' | 'session' }) {
  const { say } = useSurroundings().speech;
  return reason === 'session' ? (
    <StateMessage title={say('signed-out.title')} text={say('signed-out.text')} />
  ) : (
    <StateMessage title={say('denied.title')} text={say('denied.text')} />
  );
}
