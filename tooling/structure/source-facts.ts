import { parseSync, Visitor } from 'oxc-parser';
import type { SourceFile } from '../graph/source-file.ts';

/** True when a file asks for the present moment: `Date.now()`, `new Date()` or `Temporal.Now`. */
export function readsClock(file: SourceFile): boolean {
  let found = false;
  new Visitor({
    MemberExpression(node) {
      if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return;
      const name = `${node.object.name}.${node.property.name}`;
      if (name === 'Date.now' || name === 'Temporal.Now') found = true;
    },
    NewExpression(node) {
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (isDate && node.arguments.length === 0) found = true;
    },
  }).visit(parseSync(file.path, file.text).program);
  return found;
}

/** Tells files that call a method of this name, as in `storage.forScope(scope)`. */
export function callsMethod(name: string): (file: SourceFile) => boolean {
  return (file) => {
    let found = false;
    new Visitor({
      CallExpression(node) {
        if (node.callee.type !== 'MemberExpression') return;
        const { property } = node.callee;
        if (property.type === 'Identifier' && property.name === name) found = true;
      },
    }).visit(parseSync(file.path, file.text).program);
    return found;
  };
}

const sqlStart =
  /^\s*(select\s[\s\S]*\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s*\(|(create|alter|drop)\s+(table|index|role|schema|type|view|function|policy)\s|set\s+local\s)/i;

/** String and template literals that begin like a statement of SQL. */
export function sqlTexts(file: SourceFile): readonly string[] {
  const found: string[] = [];
  const keep = (text: string): void => {
    if (sqlStart.test(text)) found.push(text);
  };
  new Visitor({
    Literal(node) {
      if (typeof node.value === 'string') keep(node.value);
    },
    TemplateLiteral(node) {
      keep(node.quasis.map((quasi) => quasi.value.raw).join('x'));
    },
  }).visit(parseSync(file.path, file.text).program);
  return found;
}
