import { formats, type Format } from './formats.ts';

/**
 * What a value of an answer has to be, as plain data: bundlers drop a shape that nobody asks for, and a page loads no
 * validator. An object's fields are its keys; a key that ends in `?` may be missing, and other fields may be there too.
 */
export type Shape =
  'string' | 'number' | 'int' | 'boolean' | 'null' | 'any' | Format | TaggedShape | ObjectShape;

/** A shape that is made of others. `by` names the field that says which of the objects it is. */
export type TaggedShape =
  | readonly ['list', Shape]
  | readonly ['nullable', Shape]
  | readonly ['anyOf', ...Shape[]]
  | readonly ['oneOf', ...string[]]
  | readonly ['by', string, Readonly<Record<string, Shape>>];

/** The fields of an object. */
export interface ObjectShape {
  readonly [field: string]: Shape;
}

/** Where a value is not what its shape says. */
export interface Deviation {
  readonly path: readonly string[];
  /** The type that was expected; null where the type was right and the value was not. */
  readonly expected: string | null;
  /** What would have fit, in words. */
  readonly wanted: string;
}

/**
 * The first place, in the order of the shape, where a value deviates from it; null when it fits.
 *
 * @example
 * deviationOf({ rows: ['list', 'count'] }, { rows: [1, -1] })?.path; // ['rows', '1']
 */
export function deviationOf(shape: Shape, value: unknown): Deviation | null {
  if (typeof shape === 'string') return leafDeviation(shape, value);
  return isTagged(shape) ? taggedDeviation(shape, value) : fieldsDeviation(shape, value);
}

function isTagged(shape: TaggedShape | ObjectShape): shape is TaggedShape {
  return Array.isArray(shape);
}

function leafDeviation(shape: string, value: unknown): Deviation | null {
  const format = formats[shape as Format] as (typeof formats)[Format] | undefined;
  const type = format?.type ?? shape;
  if (type !== 'any' && type !== typeOf(value, type)) return wrongType(type);
  return format === undefined || format.fits(value as never) ? null : wrongValue(shape);
}

function taggedDeviation(shape: TaggedShape, value: unknown): Deviation | null {
  switch (shape[0]) {
    case 'list':
      if (!Array.isArray(value)) return wrongType('array');
      return first(value, (each, index) => within(String(index), deviationOf(shape[1], each)));
    case 'nullable':
      return value === null ? null : deviationOf(shape[1], value);
    case 'anyOf': {
      const [, ...options] = shape;
      const fits = options.some((option) => deviationOf(option, value) === null);
      return fits ? null : wrongValue('another type');
    }
    case 'oneOf': {
      const [, ...options] = shape;
      return options.includes(value as string) ? null : wrongValue(`one of ${options.join(', ')}`);
    }
    case 'by': {
      const [, field, options] = shape;
      if (typeOf(value, 'object') !== 'object') return wrongType('object');
      const name = (value as Readonly<Record<string, unknown>>)[field];
      const chosen = typeof name === 'string' && Object.hasOwn(options, name) ? options[name] : undefined;
      if (chosen !== undefined) return deviationOf(chosen, value);
      return within(field, wrongValue(`one of ${Object.keys(options).join(', ')}`));
    }
  }
}

function fieldsDeviation(shape: ObjectShape, value: unknown): Deviation | null {
  if (typeOf(value, 'object') !== 'object') return wrongType('object');
  const fields = value as Readonly<Record<string, unknown>>;
  return first(Object.entries(shape), ([key, inner]) => {
    const name = key.replace('?', '');
    const mayBeMissing = name !== key && fields[name] === undefined;
    return mayBeMissing ? null : within(name, deviationOf(inner, fields[name]));
  });
}

function typeOf(value: unknown, wanted: string): string {
  if (value === null) return 'null';
  if (wanted === 'int' && Number.isSafeInteger(value)) return 'int';
  return Array.isArray(value) ? 'array' : typeof value;
}

function wrongType(expected: string): Deviation {
  return { path: [], expected, wanted: expected };
}

function wrongValue(wanted: string): Deviation {
  return { path: [], expected: null, wanted };
}

function within(name: string, deviation: Deviation | null): Deviation | null {
  return deviation && { ...deviation, path: [name, ...deviation.path] };
}

function first<Item>(
  items: readonly Item[],
  look: (item: Item, index: number) => Deviation | null,
): Deviation | null {
  for (const [index, item] of items.entries()) {
    const deviation = look(item, index);
    if (deviation !== null) return deviation;
  }
  return null;
}
