import { ClientError, isClientErrorOf } from './client-error.ts';

/**
 * No answer came: the network is down, the address is wrong, or the browser refused the request (CORS).
 *
 * @example
 * if (isConnectionError(error)) showOffline(error.message);
 */
export class ConnectionError extends ClientError {
  constructor(route: string, cause: unknown) {
    super(
      'connection',
      `No answer to ${route}: the server could not be reached. ` +
        'Check the network and baseUrl; across origins, check that the server allows this page.',
      { code: 'connection_failed', cause },
    );
    this.name = 'ConnectionError';
  }
}

/**
 * Whether a caught value is a {@link ConnectionError}.
 *
 * @example
 * if (isConnectionError(error)) showOffline(error.message);
 */
export function isConnectionError(error: unknown): error is ConnectionError {
  return isClientErrorOf(error, 'connection');
}
