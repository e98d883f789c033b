import { budgetEnglish } from './english/budget.ts';
import { reconciliationEnglish } from './english/reconciliation.ts';
import { revenueEnglish } from './english/revenue.ts';
import { everyWidgetEnglish } from './english/every-widget.ts';
import { tokenSpendEnglish } from './english/token-spend.ts';
import { usageEnglish } from './english/usage.ts';
import type { Message } from './message.ts';

type English = typeof everyWidgetEnglish &
  typeof tokenSpendEnglish &
  typeof usageEnglish &
  typeof revenueEnglish &
  typeof reconciliationEnglish &
  typeof budgetEnglish;

/**
 * Every text of the widgets, in English. Words in braces are filled in; a text keeps its braces when it is translated.
 * Widgets bring their own texts along, so a page without this list holds those of its widgets alone.
 */
export const english: English = /* @__PURE__ */ Object.assign(
  {},
  everyWidgetEnglish,
  tokenSpendEnglish,
  usageEnglish,
  revenueEnglish,
  reconciliationEnglish,
  budgetEnglish,
);

/** The name of one text. */
export type MessageId = keyof typeof english;

/** A full set of texts. */
export type Messages = { readonly [id in MessageId]: Message };
