import { Socket } from 'node:net';

/** Hosts that somebody in this process wanted to reach and did not. */
export const refusedHosts = new Set<string>();

const loopback = new Set(['127.0.0.1', 'localhost', '::1']);

interface Target {
  readonly host?: string | null;
  readonly path?: string;
}

/** The host of a call of `Socket.connect`, in each of its forms; null for a path on this machine. */
function hostOf(given: readonly unknown[]): string | null {
  const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given;
  if (typeof first === 'object' && first !== null) {
    const target = first as Target;
    return target.path !== undefined && target.host == null ? null : (target.host ?? 'localhost');
  }
  return typeof second === 'string' ? second : 'localhost';
}

/** From here on no socket of this process reaches another machine, whoever opens it. */
export function stayOnLoopback(): void {
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function guarded(this: Socket, ...given: unknown[]): Socket {
    const host = hostOf(given);
    if (host === null || loopback.has(host)) {
      return Reflect.apply(connect, this, given) as Socket;
    }
    refusedHosts.add(host);
    setImmediate(() => this.destroy(new Error(`${host} is not on this machine, and nothing leaves it`)));
    return this;
  };
}
