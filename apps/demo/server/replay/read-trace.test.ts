import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTrace } from './read-trace.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallykit-trace-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function traceOf(text: string): Promise<string> {
  const file = join(folder, `${crypto.randomUUID()}.csv`);
  await writeFile(file, text);
  return file;
}

const header = 'TIMESTAMP,ContextTokens,GeneratedTokens';

describe('reading a trace', () => {
  test('keeps the pace to the millisecond and the tokens to the last one', async () => {
    const file = await traceOf(
      `${header}\r\n2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:50.9951690,396,109\r\n`,
    );
    expect(await readTrace(file)).toEqual([
      { offsetMs: 0, contextTokens: 374, generatedTokens: 44 },
      { offsetMs: 4315, contextTokens: 396, generatedTokens: 109 },
    ]);
  });

  test.each([
    [
      'a column that is missing',
      'TIMESTAMP,ContextTokens\n2023-11-16 18:15:46,374',
      'lacks the column GeneratedTokens',
    ],
    [
      'tokens that are no number',
      `${header}\n2023-11-16 18:15:46,374,many`,
      'Line 2 of the trace: GeneratedTokens is "many"',
    ],
    ['tokens that are missing', `${header}\n2023-11-16 18:15:46,,4`, 'ContextTokens is ""'],
    ['a fraction of a token', `${header}\n2023-11-16 18:15:46,374,4.5`, 'not a whole number'],
    ['negative tokens', `${header}\n2023-11-16 18:15:46,-3,4`, 'not a whole number'],
    ['a time that is none', `${header}\nyesterday,374,4`, 'is no time'],
    ['no request at all', header, 'no requests'],
  ])('tells %s', async (_, text, message) => {
    await expect(readTrace(await traceOf(text))).rejects.toThrow(message);
  });
});
