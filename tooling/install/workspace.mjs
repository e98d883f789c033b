import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const workspaceRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Where installed commands live. */
export const binFolder = join(workspaceRoot, 'node_modules', '.bin');

/** The Node that the `node` package brings; newer than the machine's own may be. */
export const workspaceNode = join(
  workspaceRoot,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** The environment for a child process: the workspace's commands come first. */
export function workspaceEnvironment() {
  return { ...process.env, PATH: `${binFolder}${delimiter}${process.env.PATH ?? ''}` };
}
