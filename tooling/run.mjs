// The set-up commands `npm run demo` and `npm test`, and `npm run bench` and `npm run bench:peers`. This file and `install/` run
// under the machine's own Node (20 or newer), before anything is installed; everything they start runs under the workspace's Node.
import { installWorkspace } from './install/install-workspace.mjs';
import { runToEnd } from './install/run-to-end.mjs';
import { workspaceNode, workspaceRoot } from './install/workspace.mjs';

const commands = {
  demo: [['tooling/build/build-workspace.ts', '--with-demo'], ['apps/demo/server/main.ts']],
  test: [['tooling/checks/run-checks.ts']],
  bench: [['tooling/build/build-workspace.ts'], ['benchmarks/run.ts']],
  'bench:peers': [['tooling/build/build-workspace.ts'], ['benchmarks/run-peers.ts']],
};

const [name = '', ...rest] = process.argv.slice(2);
const scripts = commands[name];
if (!scripts) {
  console.error(
    `Unknown command "${name}". Use npm run demo [-- options], npm test, npm run bench or npm run bench:peers.`,
  );
  process.exit(2);
}

const installed = await installWorkspace();
if (!installed.ok) {
  console.error(`\n${installed.message}`);
  if (name === 'test') console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}

for (const [index, script] of scripts.entries()) {
  const isLast = index === scripts.length - 1;
  const code = await runToEnd(workspaceNode, isLast ? [...script, ...rest] : script, { cwd: workspaceRoot });
  if (code !== 0 || isLast) process.exit(code);
}
