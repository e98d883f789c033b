import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

/** One request of a recorded trace. */
export interface TraceRow {
  /** Milliseconds since the first request of the trace. */
  readonly offsetMs: number;
  readonly contextTokens: number;
  readonly generatedTokens: number;
}

const columns = ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'] as const;

function tokens(text: string | undefined, column: string, line: number): number {
  const count = Number(text);
  if (!text?.trim() || !Number.isSafeInteger(count) || count < 0) {
    throw new Error(
      `Line ${line} of the trace: ${column} is "${text}", not a whole number of tokens. Nothing was replayed.`,
    );
  }
  return count;
}

/**
 * Reads a whole trace (`TIMESTAMP,ContextTokens,GeneratedTokens`, a header line first).
 *
 * @throws Error naming the line and column of the first row that cannot be read.
 */
export async function readTrace(file: string): Promise<readonly TraceRow[]> {
  const rows: TraceRow[] = [];
  let first: number | null = null;
  const parser = createReadStream(file).pipe(
    parse({
      bom: true,
      trim: true,
      skip_empty_lines: true,
      info: true,
      columns: (header: string[]) => {
        const missing = columns.filter((column) => !header.includes(column));
        if (missing.length > 0)
          throw new Error(
            `The trace lacks the column ${missing.join(', ')}. Its header must be ${columns.join(',')}.`,
          );
        return header;
      },
    }),
  );
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>;
    info: { lines: number };
  }>) {
    // More than milliseconds do not change the pace, and a date takes at most three decimals.
    const text = `${(record['TIMESTAMP'] ?? '').replace(' ', 'T').replace(/(\.\d{3})\d*$/, '$1')}Z`;
    const at = Date.parse(text);
    if (Number.isNaN(at))
      throw new Error(
        `Line ${info.lines} of the trace: "${record['TIMESTAMP']}" is no time. Nothing was replayed.`,
      );
    first ??= at;
    rows.push({
      offsetMs: Math.max(0, at - first),
      contextTokens: tokens(record['ContextTokens'], 'ContextTokens', info.lines),
      generatedTokens: tokens(record['GeneratedTokens'], 'GeneratedTokens', info.lines),
    });
  }
  if (rows.length === 0) throw new Error('The trace has no requests.');
  return rows;
}
