import { useSurroundings } from '../provider/surroundings.ts';
import { StateMessage } from './StateMessage.tsx';

/** The figures exist and are not for this reader. */
export function Withheld() {
  const { say } = useSurroundings().speech;
  return <StateMessage title={say('withheld.title')} text={say('withheld.text')} />;
}
