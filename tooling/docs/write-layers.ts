// Writes the generated tables into docs/architecture.md.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { layersMarkdown, replaceLayers } from './layers-table.ts';

const file = join(workspaceRoot, 'docs/architecture.md');
await writeFile(file, replaceLayers(await readFile(file, 'utf8'), await layersMarkdown()));
