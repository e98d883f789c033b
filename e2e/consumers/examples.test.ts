import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';
import { assembleConsumer, packFirst } from './assemble-consumer.ts';
import { documentedExamples, examplesIn, type Example } from './examples.ts';
import { typeErrors } from './typecheck.ts';

const react = ['react', 'react-dom', '@types/react', '@types/react-dom', '@tanstack/react-query', 'msw'];
const backends = [
  'express',
  '@types/express',
  'fastify',
  'hono',
  'next',
  '@hono/node-server',
  'openai',
  '@opentelemetry/api',
  '@opentelemetry/exporter-trace-otlp-proto',
  '@opentelemetry/sdk-trace-node',
  '@types/node',
];
const providers = [
  '@anthropic-ai/sdk',
  '@aws-sdk/client-bedrock-runtime',
  '@ai-sdk/openai',
  '@ai-sdk/provider',
  '@google/genai',
  '@langchain/core',
  '@langchain/openai',
  '@mistralai/mistralai',
  '@modelcontextprotocol/sdk',
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/sdk-trace-node',
  '@opentelemetry/exporter-trace-otlp-proto',
  'ai',
  'cohere-ai',
  'zod',
];
let examples: readonly Example[] = [];

beforeAll(async () => {
  examples = await documentedExamples(workspaceRoot);
  await packFirst();
});

it('finds the blocks of a page, with what they take as given', () => {
  const page =
    'Text\n\n```sh\nnpm test\n```\n\n<!-- given: declare const a: 1; -->\n\n```ts\nexport const b = a;\n```\n';
  expect(examplesIn('page.md', page)).toEqual([
    { place: 'page.md:3', language: 'sh', text: 'npm test\n' },
    { place: 'page.md:9', language: 'ts', text: 'declare const a: 1;\nexport const b = a;\n' },
  ]);
});

it('compiles every TypeScript example of the README and the guides', async () => {
  const folder = await assembleConsumer('strict-bundler', [...react, ...backends, ...providers], 'examples');
  const written = examples.filter(({ language }) => language === 'ts' || language === 'tsx');
  expect(written.length).toBeGreaterThan(0);
  await mkdir(join(folder, 'examples'));
  const names = new Map<string, string>();
  for (const [index, { place, language, text }] of written.entries()) {
    const name = `examples/example-${index}.${language}`;
    names.set(name, place);
    await writeFile(join(folder, name), `${text}\nexport {};\n`);
  }
  const settings = JSON.parse(await readFile(join(folder, 'tsconfig.json'), 'utf8')) as object;
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...settings, include: ['examples'] }));
  const errors = await typeErrors(folder, 'tsc');
  const placed = errors.map((error) =>
    error.replace(/^(examples\/example-\d+\.tsx?)\((\d+),\d+\)/, (_all, name: string, line: string) => {
      return `${names.get(name)} line ${line} of the block`;
    }),
  );
  expect(placed).toEqual([]);
});

it('names only scripts that exist in its commands', async () => {
  const manifest = JSON.parse(await readFile(join(workspaceRoot, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const commands = examples.filter(({ language }) => language === 'sh').map(({ text }) => text);
  const named = commands.flatMap((text) =>
    [...text.matchAll(/\bnpm (?:run )?([\w:-]+)/g)].map(([, name]) => name),
  );
  expect(named).toContain('demo');
  expect(named).toContain('test');
  expect(named.filter((name) => name !== 'install' && manifest.scripts[name ?? ''] === undefined)).toEqual(
    [],
  );
});
