const forbidden = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'types',
  'shared',
  'services',
]);

/**
 * Files and folders whose names say nothing about the product, and files not written in the house's way: kebab-case,
 * with PascalCase for React components.
 */
export function nameViolations(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const parts = path.split('/');
    const vague = parts.find((part) => forbidden.has(part.replace(/\..*$/, '').toLowerCase()));
    if (vague !== undefined) return [`${path}: "${vague}" names nothing; call it what it is`];
    const file = (parts.at(-1) ?? '').replace(/\..*$/, '');
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(file);
    const component = /^[A-Z][A-Za-z0-9]*$/.test(file) && /\.tsx?$/.test(path);
    return kebab || component ? [] : [`${path}: use kebab-case, or PascalCase for a React component`];
  });
}
