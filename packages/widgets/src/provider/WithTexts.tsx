import { useMemo, type ReactNode } from 'react';
import type { Texts } from '../messages/speech.ts';
import { SurroundingsContext, useSurroundings } from './surroundings.ts';

interface WithTextsProps {
  /** Texts that the widgets within need beside the shared ones. An object that outlives renders. */
  readonly texts: Texts;
  readonly children: ReactNode;
}

/** Adds a widget's own texts to its surroundings, so that a page carries those of the widgets that it shows alone. */
export function WithTexts({ texts, children }: WithTextsProps) {
  const around = useSurroundings();
  const value = useMemo(() => ({ ...around, speech: around.speech.with(texts) }), [around, texts]);
  return <SurroundingsContext.Provider value={value}>{children}</SurroundingsContext.Provider>;
}
