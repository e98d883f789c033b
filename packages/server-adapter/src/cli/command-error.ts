import { ProblemError } from '../http/problem-error.ts';
import { StorageError } from '../storage/contract/storage-error.ts';

/** A command was used in a way that cannot work. The message says what to do. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandError';
  }
}

/** What a person at a terminal is told of an error: words where the error was foreseen, the stack where it was not. */
export function readableError(error: unknown): string {
  if (StorageError.is(error)) return `${error.message} (${error.code})${adviceOf(error)}`;
  if (ProblemError.is(error))
    return `${error.detail} (${error.code})${(error.errors ?? []).map(({ pointer, detail }) => `\n  ${pointer} ${detail}`).join('')}`;
  if (error instanceof CommandError || error instanceof TypeError) return error.message;
  if (isSystemError(error) && error.code === 'EADDRINUSE')
    return `The port is in use already (${error.message}). Choose another one with --port.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function adviceOf(error: StorageError): string {
  if (error.code === 'store_in_use') {
    return '\nIf that is a running server, stop it first. Keys can be managed through it: GET, POST and DELETE /v1/keys, with a server key or as an operator.';
  }
  if (error.code === 'schema_out_of_date') return '\nRun: tallykit migrate';
  return '';
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
