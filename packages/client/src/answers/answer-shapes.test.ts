import { fileURLToPath } from 'node:url';
import * as protocol from '@tallykit/protocol';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import * as answers from './answer-shapes.ts';
import { deviationOf, type Shape } from './shape.ts';
import { shapeOf, type SchemaLike } from './shape-of-schema.ts';

interface Checker extends SchemaLike {
  readonly safeParse: (value: unknown) => {
    readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] } | undefined;
  };
}

const file = fileURLToPath(new URL('answer-shapes.ts', import.meta.url));
const answersByAnotherName = ['apiKeyCreated', 'datasetCatalogue', 'embedSession', 'problem'];

const schemas = new Map(
  Object.entries<unknown>({ ...protocol }).flatMap(([name, value]): [string, Checker][] =>
    name.endsWith('Schema') && typeof value === 'object'
      ? [[name.slice(0, -'Schema'.length), value as Checker]]
      : [],
  ),
);
const isAnswer = (name: string): boolean => name.endsWith('Answer') || answersByAnotherName.includes(name);

/** Every answer of the protocol as a shape, and the shapes that several of them share. */
function writeShapes(): string {
  const written = new Map<string, string>();
  const nameOf = (schema: SchemaLike): string | null => {
    const [name] = [...schemas].find(([, each]) => each === schema) ?? [];
    if (name === undefined || !('shape' in schema._zod.def)) return null;
    if (!written.has(name)) written.set(name, shapeOf(schema, nameOf));
    return `${name}Shape`;
  };
  for (const [name, schema] of schemas) if (isAnswer(name)) nameOf(schema);
  const insights = Object.entries(protocol.insightAnswerSchemas).map(
    ([id, schema]) => `${JSON.stringify(id)}: ${nameOf(schema) ?? ''}`,
  );
  return [
    '// Written from the schemas of the protocol by answer-shapes.test.ts; `vitest run -u` of that file writes it anew.',
    "import type { Shape } from './shape.ts';",
    ...[...written].map(
      ([name, shape]) =>
        `\n${isAnswer(name) ? 'export ' : ''}const ${name}Shape = ${shape} as const satisfies Shape;`,
    ),
    '\n/** The shape of each insight that is answered, by its id. */',
    `export const insightAnswerShapes = { ${insights.join(', ')} } as const satisfies Record<string, Shape>;`,
  ].join('\n');
}

/** A change of the written file is a change of what the client refuses. */
test('the shapes are those of the schemas', async () => {
  const written = await format(writeShapes(), { ...(await resolveConfig(file)), filepath: file });
  await expect(written).toMatchFileSnapshot(file);
});

test('what a shape cannot say is an error, not left out', () => {
  const closed = schemas.get('budgetBody');
  expect(() => shapeOf(closed ?? { _zod: { def: {} } })).toThrow(/No shape says/);
  expect(() => shapeOf({ _zod: { def: { type: 'date' } } })).toThrow(/No shape says "date"/);
});

const { insightAnswerShapes, ...others } = answers;
const pairs: [string, Shape, Checker | undefined][] = [
  ...Object.entries<Shape>(others).map(([name, shape]): [string, Shape, Checker | undefined] => [
    name,
    shape,
    schemas.get(name.slice(0, -'Shape'.length)),
  ]),
  ...Object.entries<Shape>(insightAnswerShapes).map(([id, shape]): [string, Shape, Checker | undefined] => [
    id,
    shape,
    protocol.insightAnswerSchemas[id as protocol.InsightId],
  ]),
];

const forms: Readonly<Record<string, unknown>> = {
  string: 'a',
  number: 0.5,
  int: -3,
  boolean: false,
  null: null,
  any: 'a',
  instant: '2026-11-20T10:42:00Z',
  day: '2026-11-20',
  decimal: '12.50',
  currency: 'USD',
  count: 3,
};

/** A value that fits; of several possible objects the one with this number. */
function sampleOf(shape: Shape, number: number): unknown {
  if (typeof shape === 'string') return forms[shape];
  if (!Array.isArray(shape)) {
    const fields = Object.entries(shape as Readonly<Record<string, Shape>>);
    return Object.fromEntries(fields.map(([key, inner]) => [key.replace('?', ''), sampleOf(inner, number)]));
  }
  const [tag, second, third] = shape as unknown as [string, Shape, Readonly<Record<string, Shape>>];
  if (tag === 'list') return [sampleOf(second, number)];
  if (tag === 'oneOf') return second;
  if (tag !== 'by') return sampleOf(second, number);
  const options = Object.values(third);
  return sampleOf(options[number % options.length] ?? 'any', number);
}

const odd: unknown[] = [
  undefined,
  null,
  '',
  'USD',
  '2026-11-20',
  '2026-02-30T00:00:00Z',
  '1e3',
  -1,
  0.5,
  1e20,
  true,
];

/** The value with each of its parts replaced by each odd one, in turn. */
function* broken(value: unknown): Generator<unknown> {
  yield* [...odd, [], {}];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    for (const other of broken(part)) {
      yield Array.isArray(value) ? [other] : { ...value, [key]: other };
    }
  }
}

test.each(pairs)('%s takes and refuses what its schema does, at the same place', (_, shape, schema) => {
  for (const sample of [sampleOf(shape, 0), sampleOf(shape, 1)]) {
    expect(schema?.safeParse(sample)).toMatchObject({ success: true });
    expect(deviationOf(shape, sample)).toBeNull();
    for (const value of broken(sample)) {
      const place = schema?.safeParse(value).error?.issues[0]?.path.map(String).join('/');
      expect(deviationOf(shape, value)?.path.join('/'), JSON.stringify(value)).toBe(place);
    }
  }
});
