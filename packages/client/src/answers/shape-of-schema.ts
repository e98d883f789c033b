import { formats, type Format } from './formats.ts';
import type { Shape } from './shape.ts';

/** What is read of a schema: its definition as plain data, so that this package needs no validator of its own. */
export interface SchemaLike {
  readonly _zod: { readonly def: object };
}

interface Definition {
  readonly type?: string;
  readonly shape?: Readonly<Record<string, SchemaLike>>;
  readonly catchall?: SchemaLike;
  readonly element?: SchemaLike;
  readonly innerType?: SchemaLike;
  readonly options?: readonly SchemaLike[];
  readonly discriminator?: string;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
  readonly check?: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly checks?: readonly SchemaLike[];
}

/** A name for a schema that has one of its own in the written file, or null. */
export type NameOf = (schema: SchemaLike) => string | null;

/**
 * Reads a schema of the protocol as a {@link Shape}. Throws on whatever a shape cannot say, because leaving it out
 * would check less than the protocol promises.
 */
export function shapeOf(schema: SchemaLike, nameOf: NameOf = () => null): string {
  const def: Definition = schema._zod.def;
  const inner = (part: SchemaLike | undefined): string => {
    if (part === undefined) throw unknown(def);
    return nameOf(part) ?? shapeOf(part, nameOf);
  };
  if (def.type !== 'string' && def.type !== 'number' && def.checks !== undefined && def.checks.length > 0) {
    throw unknown(def);
  }
  switch (def.type) {
    case 'boolean':
    case 'null':
      return quoted(def.type);
    case 'unknown':
      return quoted('any');
    case 'string':
      return quoted(stringShape(def));
    case 'number':
      return quoted(numberShape(def));
    case 'array':
      return `['list', ${inner(def.element)}]`;
    case 'nullable':
      return `['nullable', ${inner(def.innerType)}]`;
    case 'enum':
      return oneOf(Object.values(def.entries ?? {}));
    case 'literal':
      return oneOf(def.values ?? []);
    case 'union':
      return def.discriminator === undefined
        ? `['anyOf', ${(def.options ?? []).map(inner).join(', ')}]`
        : `['by', ${quoted(def.discriminator)}, { ${choices(def, inner).join(', ')} }]`;
    case 'object':
      return fieldsOf(def, inner);
    default:
      throw unknown(def);
  }
}

function fieldsOf(def: Definition, inner: (part: SchemaLike) => string): string {
  // Answers are open; a closed one would refuse what a newer server adds.
  if (def.catchall !== undefined && definitionOf(def.catchall).type !== 'unknown') throw unknown(def);
  const fields = Object.entries(def.shape ?? {}).map(([name, field]) => {
    const { type, innerType } = definitionOf(field);
    return type === 'optional' && innerType !== undefined
      ? `${quoted(`${name}?`)}: ${inner(innerType)}`
      : `${quoted(name)}: ${inner(field)}`;
  });
  return `{ ${fields.join(', ')} }`;
}

function choices({ discriminator = '', options = [] }: Definition, inner: (part: SchemaLike) => string) {
  return options.map((option) => {
    const field = definitionOf(option).shape?.[discriminator];
    const [value] = field === undefined ? [] : (definitionOf(field).values ?? []);
    if (typeof value !== 'string') throw unknown(definitionOf(option));
    return `${quoted(value)}: ${inner(option)}`;
  });
}

function stringShape(def: Definition): Shape {
  const checks = (def.checks ?? []).map(definitionOf);
  if (checks.length === 0 && def.format === undefined) return 'string';
  const source = checks[0]?.pattern?.source;
  const found = (Object.keys(formats) as Format[]).find((name) => {
    const format = formats[name];
    return source !== undefined && 'pattern' in format && format.pattern.source === source;
  });
  if (found === undefined) throw unknown(def);
  const refined = checks.slice(1);
  const dated = found === 'instant' || found === 'day';
  if (refined.length !== (dated ? 1 : 0) || refined.some(({ check }) => check !== 'custom'))
    throw unknown(def);
  return found;
}

function numberShape(def: Definition): Shape {
  const checks = (def.checks ?? []).map(definitionOf);
  if (checks.length === 0) {
    if (def.format === undefined) return 'number';
    if (def.format === 'safeint') return 'int';
    throw unknown(def);
  }
  const [least, most] = checks;
  const isCount =
    def.format === 'safeint' &&
    checks.length === 2 &&
    least?.check === 'greater_than' &&
    least.value === 0 &&
    least.inclusive === true &&
    most?.check === 'less_than' &&
    most.value === Number.MAX_SAFE_INTEGER;
  if (isCount) return 'count';
  throw unknown(def);
}

function oneOf(values: readonly unknown[]): string {
  if (!values.every((value) => typeof value === 'string')) throw unknown({ type: 'literal', values });
  return `['oneOf', ${values.map(quoted).join(', ')}]`;
}

function definitionOf(schema: SchemaLike): Definition {
  return schema._zod.def;
}

function quoted(text: unknown): string {
  return JSON.stringify(text);
}

function unknown(def: Definition): Error {
  const checks = (def.checks ?? []).map((each) => JSON.stringify(definitionOf(each)));
  return new Error(
    `No shape says "${def.type ?? 'nothing'}" with ${checks.join(', ') || JSON.stringify(def)}. ` +
      'Teach shape.ts and shape-of-schema.ts, or use what they know, so that the client checks it too.',
  );
}
