import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Measurement } from './measurement.ts';
import { reportPage, type ScenarioResult } from './report.ts';
import { scenarios } from './scenarios.ts';

const resultPrefix = 'RESULT ';

interface BenchOptions {
  readonly only?: string;
  readonly write?: boolean;
  readonly child?: string;
}

const options = new Command('npm run bench --')
  .description('Runs the benchmarks one after another, each in a process of its own, and prints ratios.')
  .option('--only <text>', 'only the scenarios whose id contains this text')
  .option('--write', 'write benchmarks/RESULTS.md')
  .option('--child <id>', 'run one scenario in this process (used by the command itself)')
  .parse()
  .opts<BenchOptions>();

/** A fresh process for each scenario: what one leaves in the heap must not slow the next. */
function runScenario(id: string): Promise<readonly Measurement[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), '--child', id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.on('error', reject);
    child.on('exit', (code) => {
      const line = output.split('\n').find((candidate) => candidate.startsWith(resultPrefix));
      if (code === 0 && line) resolve(JSON.parse(line.slice(resultPrefix.length)) as Measurement[]);
      else reject(new Error(`exit code ${code}`));
    });
  });
}

async function runAll(): Promise<void> {
  const results: ScenarioResult[] = [];
  for (const { id, question } of scenarios.filter((scenario) => scenario.id.includes(options.only ?? ''))) {
    process.stderr.write(`${id}: ${question}\n`);
    const begun = performance.now();
    const settled = await runScenario(id).then(
      (measurements) => ({ measurements, failure: null }),
      (error: unknown) => ({ measurements: [], failure: String(error) }),
    );
    results.push({ id, question, seconds: (performance.now() - begun) / 1000, ...settled });
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  const page = reportPage(results, machine);
  process.stdout.write(page);
  if (options.write) await writeFile(new URL('RESULTS.md', import.meta.url), page);
  if (results.some((result) => result.failure !== null)) process.exitCode = 1;
}

async function runChild(id: string): Promise<void> {
  const scenario = scenarios.find((candidate) => candidate.id === id);
  if (!scenario) throw new Error(`There is no scenario ${id}.`);
  const measurements = await scenario.run();
  process.stdout.write(`${resultPrefix}${JSON.stringify(measurements)}\n`, () => process.exit(0));
}

await (options.child === undefined ? runAll() : runChild(options.child));
