import { format } from 'prettier';
import { packageDirections, packageLayers, type PackageLayers } from '../layers.ts';
import { replacePart } from './generated-part.ts';

/** The generated part of docs/architecture.md: everything between the two marks. */
export const layersStart = '<!-- generated from tooling/layers.ts: start -->';
export const layersEnd = '<!-- generated from tooling/layers.ts: end -->';

/** Prints the import directions as Markdown, formatted as the repository's own files are. */
export async function layersMarkdown(): Promise<string> {
  const sections = Object.entries(packageLayers).map(
    ([name, layers]) => `### Inside ${name}\n\n${layersTable(layers)}\n`,
  );
  const text = `### Between packages\n\n${packagesTable()}\n\n${sections.join('\n')}`;
  return (await format(text, { parser: 'markdown' })).trim();
}

/** Puts a new table between the marks of a page. */
export function replaceLayers(page: string, table: string): string {
  return replacePart(page, 'tooling/layers.ts', table);
}

function packagesTable(): string {
  const rows = Object.entries(packageDirections).map(([name, directions]) => {
    const allowed = Object.entries(directions).map(([sibling, what]) => {
      if (what === 'all') return sibling;
      const inlined = what === 'types' ? [] : Object.entries(what.inlined);
      const copied = inlined.map(([specifier, folder]) => `; \`${specifier}\` copied into \`${folder}\``);
      return `${sibling} (types only${copied.join('')})`;
    });
    return `| ${name} | ${allowed.join(', ') || 'no other package'} |`;
  });
  return ['| package | may import |', '| --- | --- |', ...rows].join('\n');
}

function layersTable(layers: PackageLayers): string {
  const rows = Object.entries(layers).map(([name, { paths, holds, mayImport }]) => {
    const places = paths.map((path) => `\`${path}\``).join(', ');
    return `| ${name} | ${places} | ${holds} | ${mayImport === '*' ? 'everything' : namesOf(mayImport)} |`;
  });
  return ['| group | where | what lives there | may import |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** Shortens a run of rows: "rows 10 to 0" instead of eleven names. */
function namesOf(groups: readonly string[]): string {
  const rows = groups.flatMap((group) => /^row (\d+)$/.exec(group)?.[1] ?? []).map(Number);
  const others = groups.filter((group) => !group.startsWith('row '));
  const highest = Math.max(...rows);
  const isRun = rows.length > 2 && rows.length === highest + 1;
  const shown = isRun ? [`rows ${highest} to 0`] : groups.filter((group) => group.startsWith('row '));
  return [...shown, ...others].join('; ') || 'only its own folder';
}
