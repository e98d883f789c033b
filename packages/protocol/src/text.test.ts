import { describe, expect, it } from 'vitest';
import { daySchema, instantSchema } from './text.ts';

describe('days and instants', () => {
  it.each(['2026-11-31', '2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '20261101'])(
    'refuse %s, which no calendar has',
    (day) => {
      expect(daySchema.safeParse(day).success).toBe(false);
      expect(instantSchema.safeParse(`${day}T00:00:00Z`).success).toBe(false);
    },
  );

  it.each(['2026-11-30', '2028-02-29'])('take %s', (day) => {
    expect(daySchema.safeParse(day).success).toBe(true);
    expect(instantSchema.safeParse(`${day}T23:59:59.999Z`).success).toBe(true);
  });

  it.each(['2026-11-20T24:00:00Z', '2026-11-20T10:60:00Z', '2026-11-20T10:00:00+01:00', '2026-11-20T10:00Z'])(
    'refuse the instant %s',
    (instant) => {
      expect(instantSchema.safeParse(instant).success).toBe(false);
    },
  );
});
