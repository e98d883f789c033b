import { describe, expect, it } from 'vitest';
import { uuidV7 } from '../../primitives/uuid-v7.ts';
import { createPartitions, monthOf, startOfMonthNumber } from './partitions.ts';
import type { SqlDatabase } from './sql-database.ts';

function recordingDatabase(): { database: SqlDatabase; scripts: string[] } {
  const scripts: string[] = [];
  const session = {
    query: async () => [],
    script: async (text: string) => {
      scripts.push(text);
    },
  };
  return {
    scripts,
    database: { ...session, transaction: (work) => work(session), close: async () => undefined },
  };
}

describe('partitions', () => {
  it('begin with the months of UTC, over the end of a year', () => {
    const december = monthOf(Date.UTC(2026, 11, 31, 23, 59, 59, 999));
    expect(startOfMonthNumber(december)).toBe(Date.UTC(2026, 11, 1));
    expect(startOfMonthNumber(december + 1)).toBe(Date.UTC(2027, 0, 1));
  });

  it('are asked for once', async () => {
    const { database, scripts } = recordingDatabase();
    const partitions = createPartitions(database);
    const november = Date.UTC(2026, 10, 20);
    await partitions.ensureFor([uuidV7(november), uuidV7(november + 1)]);
    await partitions.ensureFor([uuidV7(november)]);
    await partitions.ensure(november, november);
    expect(scripts).toHaveLength(1);
    expect(scripts[0]).toContain('tallykit.event_2026_11');
    expect(scripts[0]).toContain('tallykit.cost_entry_2026_11');
  });

  it('are made only for the months that events lie in', async () => {
    const { database, scripts } = recordingDatabase();
    await createPartitions(database).ensureFor([uuidV7(Date.UTC(2019, 0, 1)), uuidV7(Date.UTC(2026, 10, 1))]);
    expect(scripts).toHaveLength(2);
  });
});
