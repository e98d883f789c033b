import { ClientError, isClientErrorOf } from './client-error.ts';

/** Where an answer departs from the protocol. */
export interface ProtocolDeviation {
  /** The route that was asked, for example `GET /v1/insights/{id}`. */
  readonly route: string;
  /** JSON pointer of the first field that is wrong; the empty string for the whole answer. */
  readonly pointer: string;
  /** What is wrong with it. */
  readonly reason: string;
}

/**
 * The server answered with success, but not with what the protocol promises: usually a proxy's page, a cut answer,
 * or a server of another version. Nothing of the answer is used.
 *
 * @example
 * if (isProtocolError(error)) report(error.route, error.pointer, error.reason);
 */
export class ProtocolError extends ClientError {
  readonly route: string;
  readonly pointer: string;
  readonly reason: string;

  constructor(deviation: ProtocolDeviation, options: { cause?: unknown } = {}) {
    const where = deviation.pointer === '' ? 'its body' : `the field ${deviation.pointer}`;
    super(
      'protocol',
      `The answer to ${deviation.route} cannot be used: in ${where}, ${deviation.reason} ` +
        'Check that baseUrl points at a Tallykit server whose version matches this client.',
      { code: 'protocol_error', cause: options.cause },
    );
    this.name = 'ProtocolError';
    this.route = deviation.route;
    this.pointer = deviation.pointer;
    this.reason = deviation.reason;
  }
}

/**
 * Whether a caught value is a {@link ProtocolError}.
 *
 * @example
 * if (isProtocolError(error)) report(error.route, error.pointer, error.reason);
 */
export function isProtocolError(error: unknown): error is ProtocolError {
  return isClientErrorOf(error, 'protocol');
}
