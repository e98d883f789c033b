// @vitest-environment node
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createFormats, createSpeech, palettes } from './server.ts';

/** Every module that a file reaches by imports of values, with what it imports from outside. */
function reached(file: string, seen = new Map<string, readonly string[]>()): Map<string, readonly string[]> {
  if (seen.has(file)) return seen;
  const source = readFileSync(file, 'utf8');
  const imports = [...source.matchAll(/^(?:import|export) (?!type)[\s\S]*?from '([^']+)';/gm)].map(
    (match) => match[1] ?? '',
  );
  seen.set(
    file,
    imports.filter((name) => !name.startsWith('.')),
  );
  for (const name of imports) if (name.startsWith('.')) reached(resolve(dirname(file), name), seen);
  return seen;
}

describe('the server entry', () => {
  it('reaches no React, no charts and no client, so that a server component may import it', () => {
    const files = reached(fileURLToPath(new URL('./server.ts', import.meta.url)));
    expect([...files.values()].flat()).toEqual([]);
    expect([...files.keys()].filter((file) => file.endsWith('.tsx'))).toEqual([]);
  });

  it('says amounts and texts without a page', () => {
    const formats = createFormats('en', 'UTC');
    expect(formats.money({ amount: '412.36', currency: 'USD' })).toBe('$412.36');
    expect(createSpeech('en').say('usage.others', {}, 9)).toBe('9 others');
    expect(palettes.light.ink).toBe('#10181f');
  });
});
