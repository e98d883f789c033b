import { relayStream } from '../../observe/relay-stream.ts';
import { classifyError } from '../../observe/classify-error.ts';
import type { CallEnd, CallRecorder } from '../../observe/call-recorder.ts';
import { safely } from '../../observe/observe-promise.ts';

/** Sees a body on its way to the host. */
export interface BodyWatcher {
  readonly recorder: CallRecorder;
  readonly bytes: (bytes: Uint8Array) => void;
  /** The body is through, or the host left before that. */
  readonly ended: (left: boolean) => void;
  readonly failed: (end: CallEnd) => void;
}

/** A body that reads from another one exactly when it is read itself: nothing is buffered, and leaving it leaves the other. */
function watchBody(body: ReadableStream<Uint8Array>, watcher: BodyWatcher): ReadableStream<Uint8Array> {
  const { recorder, bytes, ended, failed } = watcher;
  return relayStream(body, {
    item(value) {
      safely(recorder, () => bytes(value));
      return true;
    },
    ended: (left) => safely(recorder, () => ended(left)),
    failed: (error) => safely(recorder, () => failed(classifyError(error, false))),
  });
}

/** A response like the given one in everything that a response tells, with another body. */
function withBody(response: Response, body: ReadableStream<Uint8Array> | null): Response {
  const { status, statusText, headers, url, redirected, type } = response;
  const Made = response.constructor as typeof Response;
  return alike(new Made(body, { status, statusText, headers }), { url, redirected, type });
}

function alike(made: Response, told: Pick<Response, 'url' | 'redirected' | 'type'>): Response {
  const { clone } = made;
  Object.defineProperty(made, 'clone', {
    value: () => alike(clone.call(made), told),
    configurable: true,
    writable: true,
  });
  for (const [name, value] of Object.entries(told))
    Object.defineProperty(made, name, { value, configurable: true });
  return made;
}

/**
 * The response that the host gets in place of one whose body is watched. `undefined` when it cannot be watched: it has no
 * body, was read already, or is of a kind that this runtime cannot make.
 */
export function watchResponse(response: Response, watcher: BodyWatcher): Response | undefined {
  const { body } = response;
  if (!body || body.locked || response.bodyUsed || typeof body.getReader !== 'function') return undefined;
  // Tried out first: once the body has a reader there is no way back.
  withBody(response, null);
  return withBody(response, watchBody(body, watcher));
}
