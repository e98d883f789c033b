// Every check of the repository, one after the other. `--only lint,types` runs a part of them.
import { checks } from './checks.ts';
import type { Finding } from './check.ts';
import { exitCodeFor, oneFailed, sumTallies, tallyLine, type Tally } from './tally.ts';

const only = process.argv[process.argv.indexOf('--only') + 1];
const wanted = process.argv.includes('--only') && only ? only.split(',') : null;
const chosen = wanted ? checks.filter((check) => wanted.includes(check.name)) : checks;
if (wanted && chosen.length !== wanted.length) {
  console.error(`--only takes names out of: ${checks.map((check) => check.name).join(', ')}.`);
  process.exit(2);
}

const tallies: Tally[] = [];
const failures: Finding[] = [];
for (const [index, check] of chosen.entries()) {
  console.log(`[${index + 1}/${chosen.length}] ${check.name}`);
  const started = performance.now();
  const findings = await check.run().catch((error: unknown): Finding[] => [
    {
      title: check.name,
      tally: oneFailed,
      output: error instanceof Error ? (error.stack ?? '') : String(error),
    },
  ]);
  const broken = findings.filter((finding) => finding.tally.failed > 0);
  for (const finding of broken) console.log(`FAILED ${finding.title}\n${finding.output.trim()}\n`);
  const tally = sumTallies(findings.map((finding) => finding.tally));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`[${index + 1}/${chosen.length}] ${check.name}: ${tallyLine(tally)} (${seconds} s)`);
  tallies.push(tally);
  failures.push(...broken);
}

const total = sumTallies(tallies);
if (failures.length > 0) console.log(`\nFailed: ${failures.map((finding) => finding.title).join(', ')}`);
if (total.passed + total.failed === 0)
  console.log('\nNo test ran, which proves nothing and counts as a failure.');
console.log(tallyLine(total));
process.exit(exitCodeFor(total));
