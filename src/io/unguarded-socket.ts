/**
 * Sockets of the harness's own in a thread where what the user's modules open is refused. This module has
 * to be loaded before `net.Socket.prototype.connect` is replaced.
 */
import { Socket } from 'node:net';

const connect = Reflect.get(Socket.prototype, 'connect') as (this: Socket, ...all: unknown[]) => Socket;

/** For `new pg.Client({ stream: unguardedSocket })`. */
export function unguardedSocket(): Socket {
  const socket = new Socket();
  return Object.assign(socket, { connect: (...all: unknown[]) => connect.apply(socket, all) });
}
