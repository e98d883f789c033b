import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openTestTallykit } from '../testing/open-test-tallykit.ts';
import { openApiDocument } from './openapi.ts';
import { servedRoutes } from './routes.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { operationId: string; requestBody?: unknown }>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

const routes = servedRoutes({ development: false });

describe('the OpenAPI document', () => {
  it('is served to anybody and valid', async () => {
    const { ask } = openTestTallykit();
    const { status, body } = await ask<Document>('GET /v1/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    const result = await new Validator().validate(body as unknown as Record<string, unknown>);
    expect(result.errors ?? 'valid').toBe('valid');
    expect(result.valid).toBe(true);
  });

  it('describes every route and nothing else, each by a name of its own', () => {
    const { paths } = openApiDocument(routes, '1') as unknown as Document;
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
    const ids = Object.values(paths).flatMap((operations) =>
      Object.values(operations).map((each) => each.operationId),
    );
    expect(new Set(ids).size).toBe(routes.length);
  });

  it('refers to shapes that are there', () => {
    const document = openApiDocument(routes, '1') as unknown as Document;
    const named = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
      ([, name]) => name,
    );
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
  });

  it('does not describe the development clock', () => {
    expect(JSON.stringify(openApiDocument(routes, '1'))).not.toContain('/v1/dev');
  });

  it('is frozen', async () => {
    const text = `${JSON.stringify(openApiDocument(routes, '1'), null, 1)}\n`;
    await expect(text).toMatchFileSnapshot('__snapshots__/openapi.json');
  });
});
