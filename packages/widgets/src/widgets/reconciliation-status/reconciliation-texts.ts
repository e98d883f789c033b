import type { HeatmapRow } from '../../charts/heatmap/Heatmap.tsx';
import type { TwinTable } from '../../charts/table/TableTwin.tsx';
import type { BucketReading, ReadingRow } from '../../charts/tooltip/bucket-reading.ts';
import type { Formats } from '../../format/create-formats.ts';
import { isZeroDecimal } from '../../format/decimal.ts';
import type { Speech } from '../../messages/speech.ts';
import { providerLabel } from '../../messages/provider-label.ts';
import type {
  ReconciliationCell,
  ReconciliationPicture,
  ReconciliationRow,
} from './select-reconciliation.ts';
import { stateMarks } from './state-marks.ts';

/** Everything that is needed to say a reconciliation in words. */
export interface ReconciliationWording {
  readonly picture: ReconciliationPicture;
  readonly formats: Formats;
  readonly speech: Speech;
}

/** A reason in words; a code that is newer than these texts shows as itself, without underscores. */
export function reasonText(code: string, { say, knows }: Speech): string {
  const id = `reason.${code}`;
  return knows(id) ? say(id) : code.replaceAll('_', ' ');
}

/** The name of a provider, or of all where names are not shown. */
export function providerName(row: ReconciliationRow, speech: Speech): string {
  return row.provider === null ? speech.say('reconciliation.provider') : providerLabel(row.provider, speech);
}

function cellReading(
  row: ReconciliationRow,
  cell: ReconciliationCell,
  wording: ReconciliationWording,
): BucketReading {
  const { formats, speech } = wording;
  const { say } = speech;
  const rows: ReadingRow[] = [{ label: providerName(row, speech), value: say(`state.${cell.state}`) }];
  if (cell.coverage !== null) {
    rows.push({ label: say('reconciliation.covered'), value: formats.percent(cell.coverage) });
  }
  if (cell.reported)
    rows.push({ label: say('reconciliation.reported'), value: formats.money(cell.reported) });
  if (cell.captured)
    rows.push({ label: say('reconciliation.captured'), value: formats.money(cell.captured) });
  if (cell.unexplained) {
    rows.push({ label: say('reconciliation.difference'), value: formats.money(cell.unexplained) });
  }
  const reasons = cell.reasons.map((code) => reasonText(code, speech));
  return {
    title: formats.calendarDay(cell.day),
    rows,
    notes: reasons.length > 0 ? [say('reconciliation.reasons', { reasons: reasons.join(', ') })] : [],
  };
}

/** The rows of the grid: a provider each, a mark for each day. */
export function reconciliationGrid(wording: ReconciliationWording): readonly HeatmapRow[] {
  return wording.picture.rows.map((row) => ({
    name: providerName(row, wording.speech),
    cells: row.cells.map((cell) => ({ ...stateMarks[cell.state], reading: cellReading(row, cell, wording) })),
  }));
}

/** The grid as a table: a row for each day, with state and matched part of each provider. */
export function reconciliationTable(wording: ReconciliationWording): TwinTable {
  const { picture, formats, speech } = wording;
  return {
    caption: speech.say('reconciliation.picture'),
    columns: [speech.say('column.day'), ...picture.rows.map((row) => providerName(row, speech))],
    rows: picture.days.map((day, index) => ({
      name: formats.calendarDay(day),
      cells: picture.rows.map((row) => {
        const cell = row.cells[index];
        if (!cell) return speech.say('value.none');
        const state = speech.say(`state.${cell.state}`);
        const parts = [
          state,
          cell.coverage === null ? null : formats.percent(cell.coverage),
          cell.unexplained && !isZeroDecimal(cell.unexplained.amount)
            ? formats.money(cell.unexplained)
            : null,
        ];
        return parts.filter((part) => part !== null).join(', ');
      }),
    })),
  };
}
