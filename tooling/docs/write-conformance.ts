// Writes the lists of providers and the table of conformance cases into the guides.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '../checks/workspace-root.ts';
import { writtenConformance } from './written-conformance.ts';

const inWorkspace = (page: string): string => join(workspaceRoot, page);
const pages = await writtenConformance((page) => readFile(inWorkspace(page), 'utf8'));
for (const [page, text] of pages) await writeFile(inWorkspace(page), text);
