import type { Logger } from './logger.ts';

/** Writes one line of JSON for each message to the standard error stream, where hosts collect such things. */
export const stderrLogger: Logger = {
  error: (message, details) => write('error', message, details),
  warn: (message, details) => write('warn', message, details),
};

function write(level: string, message: string, details: Readonly<Record<string, unknown>> = {}): void {
  const shown = Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, shownDetail(value)]),
  );
  process.stderr.write(`${JSON.stringify({ level, source: 'tallykit', message, ...shown })}\n`);
}

function shownDetail(value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value;
}
