import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The folder whose `node_modules` hold the wrappers. */
export const peersFolder = fileURLToPath(new URL('.', import.meta.url));

const require = createRequire(import.meta.url);

/**
 * Loads a package of this folder. Its type is said by the caller, because the workspace is checked without these
 * packages.
 */
export async function loadPackage<Package>(name: string): Promise<Package> {
  return (await import(name)) as Package;
}

/** Loads a package's CommonJS copy, which instrumentations can patch and leave the other copy alone. */
export function requirePackage<Package>(name: string): Package {
  return require(name) as Package;
}

/** The version of a package of this folder, or of the workspace for ours. */
export function versionOf(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as {
        version: string;
      };
      return version;
    } catch {
      // Not in this folder; the next one up may have it.
    }
  }
  return 'not installed';
}
