/** A text in the forms that a language needs for counts; `other` always exists. */
export type Forms = { readonly [category in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** A text, or its forms by count. Words in braces are filled in. */
export type Message = string | Forms;
