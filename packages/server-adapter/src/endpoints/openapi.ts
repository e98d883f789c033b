import * as protocol from '@tallykit/protocol';
import * as z from 'zod/mini';
import type { $ZodType } from 'zod/v4/core';
import { queryParameters } from './query-parameters.ts';
import type { Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const componentPath = '#/components/schemas/';

/** Names of all wire shapes, taken from the protocol's own names: `putAnswerSchema` is `PutAnswer`. */
function namedSchemas(): Map<$ZodType, string> {
  const named = new Map<$ZodType, string>();
  for (const [name, value] of Object.entries<unknown>({ ...protocol, ...insightSchemas() })) {
    if (!name.endsWith('Schema') || typeof value !== 'object' || value === null || !('_zod' in value))
      continue;
    named.set(value as $ZodType, name.charAt(0).toUpperCase() + name.slice(1, -'Schema'.length));
  }
  return named;
}

function insightSchemas(): Record<string, $ZodType> {
  return Object.fromEntries(
    Object.entries(protocol.insightAnswerSchemas).map(([id, schema]) => [
      `${id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Schema`,
      schema,
    ]),
  );
}

/**
 * Describes routes as an OpenAPI 3.1 document. It is made from the list of routes and the protocol's schemas, so it cannot
 * say anything else than what is served.
 */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const named = namedSchemas();
  const used = new Map<string, $ZodType>();
  const reference = (schema: $ZodType): Json => {
    const name = named.get(schema);
    if (name === undefined) throw new TypeError('A route names a schema that the protocol does not export.');
    used.set(name, schema);
    return { $ref: `${componentPath}${name}` };
  };
  const problem = reference(protocol.problemSchema);

  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = (paths[route.path] ??= {});
    operations[route.method.toLowerCase()] = operationOf(route, reference, problem);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tallykit',
      version,
      description:
        'AI usage, cost and revenue of an organization and its customers. Errors are problems after RFC 9457 with stable codes.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '..', description: 'Where the host mounted the server.' }],
    paths,
    components: {
      schemas: componentsOf(used),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key, or an embed token. Sessions of the host application are accepted as the host decides.',
        },
      },
    },
  };
}

// Anybody may ask for it, so it is made once; routes never change while a process runs.
const documents = new WeakMap<readonly Route[], Json>();

/** The document as an answer. Its version is that of the wire, `v1`, which grows and never breaks. */
export function openApiAnswer(routes: readonly Route[]): Json {
  const document = documents.get(routes) ?? openApiDocument(routes, '1');
  documents.set(routes, document);
  return document;
}

function operationOf(route: Route, reference: (schema: $ZodType) => Json, problem: Json): Json {
  const pathParameters = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const query = (route.query ?? []).map((name) => ({
    name,
    in: 'query',
    description: queryParameters[name].description,
    schema: plainSchema(queryParameters[name].schema),
  }));
  const answers = route.answer === undefined ? [] : [route.answer].flat().map(reference);
  return {
    operationId: operationId(route),
    summary: route.summary,
    security: route.needs === 'nothing' ? [] : [{ bearer: [] }],
    ...(route.needs === 'nothing' || route.needs === 'signed_in'
      ? {}
      : { 'x-tallykit-permission': route.needs }),
    ...(pathParameters.length + query.length > 0 ? { parameters: [...pathParameters, ...query] } : {}),
    ...requestBodyOf(route, reference),
    responses: {
      ...successOf(answers, route),
      default:
        route.mediaTypes === undefined
          ? { description: 'A problem.', content: { 'application/problem+json': { schema: problem } } }
          : { description: 'A refusal.', content: foreignContent(route.mediaTypes) },
    },
  };
}

function requestBodyOf(route: Route, reference: (schema: $ZodType) => Json): Json {
  if (route.mediaTypes !== undefined) {
    return { requestBody: { required: true, content: foreignContent(route.mediaTypes) } };
  }
  if (route.body === undefined) return {};
  return {
    requestBody: { required: true, content: { 'application/json': { schema: reference(route.body) } } },
  };
}

// What is described elsewhere is named by its media type only.
function foreignContent(mediaTypes: readonly string[]): Json {
  return Object.fromEntries(mediaTypes.map((type) => [type, { schema: {} }]));
}

function successOf(answers: readonly Json[], route: Route): Json {
  if (route.path === '/v1/openapi.json') {
    const schema = { type: 'object' };
    return { 200: { description: 'This document.', content: { 'application/json': { schema } } } };
  }
  if (route.mediaTypes !== undefined) {
    return { 200: { description: 'The answer.', content: foreignContent(route.mediaTypes) } };
  }
  if (answers.length === 0) return { 204: { description: 'Done.' } };
  const schema = answers.length === 1 ? answers[0] : { anyOf: answers };
  return { 200: { description: 'The answer.', content: { 'application/json': { schema } } } };
}

function operationId({ method, path }: Route): string {
  const words = path
    .replaceAll(/\/v1(?=\/)/g, '')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '');
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(
    '',
  );
}

function componentsOf(used: ReadonlyMap<string, $ZodType>): Json {
  return Object.fromEntries(
    [...used].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => [name, plainSchema(schema)]),
  );
}

function plainSchema(schema: $ZodType): Json {
  const { $schema: _dialect, ...plain } = z.toJSONSchema(schema as z.ZodMiniType, {
    unrepresentable: 'any',
    io: 'input',
  });
  return plain;
}
