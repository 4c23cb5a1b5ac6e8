/** The embedded server as a process of its own, behind a local port. Argument: the folder of SQL files. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pgliteStream } from '../../dist/io/pglite-stream.js';

const [sqlFolder] = process.argv.slice(2);
const server = await PGlite.create();
for (const name of readdirSync(sqlFolder).sort()) {
  await server.exec(readFileSync(join(sqlFolder, name), 'utf8'));
}

const port = createServer((socket) => {
  const stream = pgliteStream(server);
  let rest = Buffer.alloc(0);
  let greeted = false;
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const end = endOfMessages(rest, greeted);
    if (end === 0) return;
    stream.write(Buffer.from(rest.subarray(0, end)));
    rest = rest.subarray(end);
    greeted = true;
  });
  socket.on('end', () => stream.end());
  socket.on('error', () => stream.destroy());
  stream.pipe(socket);
});
port.listen(0, '127.0.0.1', () => process.send({ port: port.address().port }));
process.on('disconnect', () => process.exit());

/** Only whole messages may be handed on. The first has no letter before its length. */
function endOfMessages(bytes, greeted) {
  let end = 0;
  for (let letter = greeted ? 1 : 0; end + letter + 4 <= bytes.length; letter = 1) {
    const next = end + letter + bytes.readUInt32BE(end + letter);
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}
