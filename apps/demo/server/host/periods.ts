import { Temporal } from 'temporal-polyfill';

/** A period that a panel offers: whole days of the organization's zone, today included. */
export interface Period {
  readonly label: string;
  /** First instant, in UTC. */
  readonly from: string;
}

const lengths = [7, 30, 90] as const;

/** The periods that end with the day of `now` in `timeZone`, shortest first. */
export function periodsUntil(now: number, timeZone: string): readonly Period[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).startOfDay();
  return lengths.map((days) => ({
    label: `${days} d`,
    from: today
      .subtract({ days: days - 1 })
      .startOfDay()
      .toInstant()
      .toString({ fractionalSecondDigits: 3 }),
  }));
}
