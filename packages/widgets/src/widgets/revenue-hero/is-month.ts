import type { TimeRange } from '@tallykit/protocol';

function dateParts(instant: number, timeZone: string): { readonly day: string; readonly month: string } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
    .formatToParts(new Date(instant))
    .reduce<Record<string, string>>((found, part) => ({ ...found, [part.type]: part.value }), {});
  return { day: parts['day'] ?? '', month: `${parts['year']}-${parts['month']}` };
}

/** Whether a range begins with a month and stays within it, in its own zone, so that it can be called by its name. */
export function isMonth(range: TimeRange): boolean {
  const first = dateParts(Date.parse(range.from), range.timeZone);
  const last = dateParts(Date.parse(range.to) - 1, range.timeZone);
  return first.day === '01' && first.month === last.month;
}
