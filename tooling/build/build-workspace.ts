// Builds the published packages, and with `--with-demo` the demo's pages.
import { workspaceRoot } from '../checks/workspace-root.ts';
import { buildAll } from './build-all.ts';
import { demoTarget, packageTargets } from './build-targets.ts';

const targets = process.argv.includes('--with-demo') ? [...packageTargets, demoTarget] : packageTargets;
const results = await buildAll(workspaceRoot, targets, ({ target, outcome, output, milliseconds }) => {
  console.log(`Build ${target.folder}: ${outcome} (${(milliseconds / 1000).toFixed(1)} s)`);
  if (outcome === 'failed') console.error(output);
});
if (results.some((result) => result.outcome === 'failed')) {
  console.error('The build failed, so nothing was started. The messages above name the files.');
  process.exitCode = 1;
}
