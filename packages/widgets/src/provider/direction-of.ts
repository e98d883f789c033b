import type { Direction } from '../charts/scale/x-positions.ts';

const rightToLeft = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'iw', 'ks', 'ps', 'sd', 'ug', 'ur', 'yi']);
const rightToLeftScripts = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']);

/**
 * The direction in which a locale is written. Browsers disagree on how to ask for it, so it is looked up here.
 *
 * @example
 * directionOf('he-IL'); // 'rtl'
 * directionOf('uz-Arab'); // 'rtl'
 */
export function directionOf(locale: string): Direction {
  const { language, script } = new Intl.Locale(locale);
  if (script !== undefined) return rightToLeftScripts.has(script) ? 'rtl' : 'ltr';
  return rightToLeft.has(language) ? 'rtl' : 'ltr';
}
