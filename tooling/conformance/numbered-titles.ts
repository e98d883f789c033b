import { parseSync, Visitor, type CallExpression, type Expression } from 'oxc-parser';

/** The titles of a test file that say which conformance case they keep: `conformance 8: a break ...`. */
export function numberedTitles(path: string, text: string): readonly string[] {
  const titles: string[] = [];
  new Visitor({
    CallExpression(node) {
      const title = runs(node.callee) ? titleOf(node) : null;
      if (title !== null && numberOf(title) !== null) titles.push(title);
    },
  }).visit(parseSync(path, text).program);
  return titles;
}

/** The number in a title, or null for a title without one. */
export function numberOf(title: string): number | null {
  const [, number] = /^conformance (\d+)(?:, [^:]+)?: \S/.exec(title) ?? [];
  return number === undefined ? null : Number(number);
}

/** The promises of the wrapper suite that a test file leaves out somewhere: `promise: '...'`. */
export function skippedPromises(path: string, text: string): readonly string[] {
  const skipped: string[] = [];
  new Visitor({
    Property(node) {
      if (node.key.type !== 'Identifier' || node.key.name !== 'promise') return;
      if (node.value.type === 'Literal' && typeof node.value.value === 'string')
        skipped.push(node.value.value);
    },
  }).visit(parseSync(path, text).program);
  return skipped;
}

/** True for `test`, `describe.each(...)` and the like; false for what is skipped, still to do, or no test. */
function runs(callee: Expression): boolean {
  if (callee.type === 'CallExpression') return runs(callee.callee as Expression);
  if (callee.type === 'MemberExpression') {
    const isOff = callee.property.type === 'Identifier' && /^(skip|todo|fails)/.test(callee.property.name);
    return !isOff && runs(callee.object as Expression);
  }
  return callee.type === 'Identifier' && /^(describe|test|it)$/.test(callee.name);
}

function titleOf(call: CallExpression): string | null {
  const [first] = call.arguments;
  if (first?.type === 'Literal' && typeof first.value === 'string') return first.value;
  if (first?.type === 'TemplateLiteral') return first.quasis.map((quasi) => quasi.value.raw).join('...');
  return null;
}
