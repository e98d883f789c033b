import { meetsTarget, type Measurement } from './measurement.ts';

/** The figures of one scenario, or why it gave none. */
export interface ScenarioResult {
  readonly id: string;
  readonly question: string;
  readonly seconds: number;
  readonly measurements: readonly Measurement[];
  readonly failure: string | null;
}

function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function row(measurement: Measurement): string {
  const { what, value, unit, spread, target, note } = measurement;
  const met = meetsTarget(measurement);
  return [
    what,
    `${figure(value)} ${unit}`,
    spread ? `${figure(spread[0])} to ${figure(spread[1])}` : '',
    target ? `${target.kind} ${figure(target.value)} ${unit}` : '',
    met === null ? '' : met ? 'met' : '**not met**',
    note ?? '',
  ].join(' | ');
}

/** The results as a page: a table a scenario, with what was asked, measured and wanted. */
export function reportPage(results: readonly ScenarioResult[], machine: string): string {
  const sections = results.map(({ id, question, seconds, measurements, failure }) => {
    const table = [
      '| what | median | rounds | target | | note |',
      '|---|---:|---|---|---|---|',
      ...measurements.map((measurement) => `| ${row(measurement)} |`),
    ];
    const told = failure === null ? table : [`Failed: ${failure}`];
    return [`## ${id}`, '', `${question} (${Math.round(seconds)} s)`, '', ...told, ''].join('\n');
  });
  return [
    '# What was measured',
    '',
    `Made by \`npm run bench -- --write\` on ${machine}. Two ways of doing a thing are run in turns in one process, so ratios and`,
    'differences can be compared between machines and times cannot. A time never fails a test.',
    '',
    ...sections,
  ].join('\n');
}
