/** The few backend messages that the harness reads or makes itself (PostgreSQL manual, 53.7). */

/** Takes bytes as they come and tells the type and the body of each message once it is complete. */
export function messageReader(tell: (type: string, body: Buffer) => void): (chunk: Uint8Array) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 5) {
      const length = 1 + pending.readInt32BE(1);
      if (pending.length < length) return;
      tell(String.fromCharCode(pending[0] ?? 0), pending.subarray(5, length));
      pending = pending.subarray(length);
    }
  };
}

/** What a server says to a start-up message: admitted, UTF8, ready. */
export function startupAnswer(): Uint8Array {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const setting = (name: string, value: string): Buffer => message('S', Buffer.from(`${name}\0${value}\0`));
  return Buffer.concat([
    message('R', number(0)),
    setting('client_encoding', 'UTF8'),
    setting('DateStyle', 'ISO, MDY'),
    setting('standard_conforming_strings', 'on'),
    message('K', Buffer.concat([number(0), number(0)])),
    message('Z', Buffer.from('I')),
  ]);
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
