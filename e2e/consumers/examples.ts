import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A code block of a document. */
export interface Example {
  /** For messages: `README.md:31`. */
  readonly place: string;
  readonly language: string;
  /** The block, with what its reader is told to have already in front. */
  readonly text: string;
}

/**
 * Reads the fenced code blocks of a page. An HTML comment right above a block, starting with `given:`, holds
 * declarations that the text around it introduces and the block only uses:
 *
 *     <!-- given: declare const apiKey: string; -->
 */
export function examplesIn(file: string, page: string): readonly Example[] {
  const block = /(?:<!--\s*given:\s*([\s\S]*?)-->\s*)?^```(\w+)\n([\s\S]*?)^```/gm;
  return [...page.matchAll(block)].map((match) => {
    const [, given = '', language = '', text = ''] = match;
    const fence = match[0].lastIndexOf(`\`\`\`${language}\n`);
    const line = page.slice(0, match.index + fence).split('\n').length;
    return { place: `${file}:${line}`, language, text: given === '' ? text : `${given.trim()}\n${text}` };
  });
}

/** Reads the examples of the README, all guides, and the packages' own pages. */
export async function documentedExamples(root: string): Promise<readonly Example[]> {
  const guides = await readdir(join(root, 'docs/guides'), { recursive: true }).catch(() => []);
  const packages = await readdir(join(root, 'packages'));
  const files = [
    'README.md',
    ...guides.filter((name) => name.endsWith('.md')).map((name) => `docs/guides/${name}`),
    ...packages.map((name) => `packages/${name}/README.md`).filter((file) => existsSync(join(root, file))),
  ];
  const pages = await Promise.all(
    files.map(async (file) => examplesIn(file, await readFile(join(root, file), 'utf8'))),
  );
  return pages.flat();
}
