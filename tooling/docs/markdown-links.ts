import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A Markdown page, relative to the workspace. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Links of pages to files or headings that do not exist, each as a sentence. Web addresses are not followed. */
export function brokenLinks(root: string, pages: readonly Page[]): readonly string[] {
  return pages.flatMap((page) =>
    linksOf(page.text).flatMap((link) => {
      if (/^[a-z]+:/i.test(link)) return [];
      const [file = '', heading] = link.split('#');
      const target = file === '' ? page.path : join(dirname(page.path), decodeURIComponent(file));
      if (!existsSync(join(root, target)) && target !== page.path)
        return [`${page.path}: "${link}" leads nowhere`];
      if (heading === undefined) return [];
      const text = pages.find((each) => each.path === target)?.text ?? '';
      return headingsOf(text).includes(heading) ? [] : [`${page.path}: "${link}" names no heading`];
    }),
  );
}

function linksOf(text: string): readonly string[] {
  const withoutCode = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`]*`/g, '');
  return [...withoutCode.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].flatMap((match) => match[1] ?? []);
}

function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+\s+(.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, '')
      .replace(/\s/g, '-'),
  );
}
