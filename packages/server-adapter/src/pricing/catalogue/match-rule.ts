import * as z from 'zod/mini';

/** How a catalogue recognizes a provider or a model by the name that a call carries. */
export type MatchRule =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string }
  | { readonly or: readonly MatchRule[] }
  | { readonly and: readonly MatchRule[] };

/** Checks a {@link MatchRule}; closed, so that a kind of rule which a newer catalogue brings is noticed, not skipped. */
export const matchRuleSchema: z.ZodMiniType<MatchRule> = z.union([
  z.strictObject({ equals: z.string() }),
  z.strictObject({ starts_with: z.string() }),
  z.strictObject({ ends_with: z.string() }),
  z.strictObject({ contains: z.string() }),
  z.strictObject({ regex: z.string() }),
  z.strictObject({ or: z.array(z.lazy(() => matchRuleSchema)) }),
  z.strictObject({ and: z.array(z.lazy(() => matchRuleSchema)) }),
]);

/**
 * Makes a test for names out of a rule. Names are compared in lower case; regular expressions see the name in lower case too.
 *
 * @example
 * const matches = compileMatchRule({ starts_with: 'gpt-4o' });
 * matches('gpt-4o-mini'); // true
 */
export function compileMatchRule(rule: MatchRule): (name: string) => boolean {
  if ('or' in rule) {
    const parts = rule.or.map(compileMatchRule);
    return (name) => parts.some((matches) => matches(name));
  }
  if ('and' in rule) {
    const parts = rule.and.map(compileMatchRule);
    return (name) => parts.every((matches) => matches(name));
  }
  if ('regex' in rule) {
    const pattern = new RegExp(rule.regex);
    return (name) => pattern.test(name.toLowerCase());
  }
  if ('equals' in rule) {
    const text = rule.equals.toLowerCase();
    return (name) => name.toLowerCase() === text;
  }
  if ('starts_with' in rule) {
    const text = rule.starts_with.toLowerCase();
    return (name) => name.toLowerCase().startsWith(text);
  }
  if ('ends_with' in rule) {
    const text = rule.ends_with.toLowerCase();
    return (name) => name.toLowerCase().endsWith(text);
  }
  const text = rule.contains.toLowerCase();
  return (name) => name.toLowerCase().includes(text);
}

/**
 * Says a rule in words, for the price row that it belongs to.
 *
 * @example
 * describeMatchRule({ or: [{ equals: 'o3' }, { starts_with: 'o3-' }] }); // 'equals "o3" or starts with "o3-"'
 */
export function describeMatchRule(rule: MatchRule): string {
  if ('or' in rule) return rule.or.map(describeMatchRule).join(' or ');
  if ('and' in rule) {
    return rule.and
      .map((part) => ('or' in part ? `(${describeMatchRule(part)})` : describeMatchRule(part)))
      .join(' and ');
  }
  if ('regex' in rule) return `matches /${rule.regex}/`;
  if ('equals' in rule) return `equals "${rule.equals}"`;
  if ('starts_with' in rule) return `starts with "${rule.starts_with}"`;
  if ('ends_with' in rule) return `ends with "${rule.ends_with}"`;
  return `contains "${rule.contains}"`;
}
