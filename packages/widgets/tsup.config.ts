import { cp, writeFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tooling/build/library-build.ts';

// `./server` may be imported by a React server component, so it is a bundle of its own; the rest says it is client code.
export default defineConfig([
  libraryBuild({
    platform: 'neutral',
    clientOnly: true,
    entry: { index: 'src/index.ts', testing: 'src/testing/index.ts' },
    keep: ['server.*'],
    afterwards: addStyleSheet,
  }),
  libraryBuild({ platform: 'neutral', entry: { server: 'src/server.ts' }, keep: ['**/*'] }),
]);

async function addStyleSheet(): Promise<void> {
  await cp('src/theme/theme.css', 'dist/theme.css');
  // Strict compilers want a declaration for an import that is made for its effect alone.
  await writeFile('dist/theme.css.d.ts', 'export {};\n');
}
