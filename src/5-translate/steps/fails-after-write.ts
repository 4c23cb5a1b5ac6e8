/** Can something fail when a statement has already written? Then the body needs a transaction to take it back. */
import type { Line } from '../code.js';

export function failsAfterWrite(lines: readonly Line[]): boolean {
  return scan(lines, false).fails;
}

interface Seen {
  readonly written: boolean;
  readonly fails: boolean;
}

function scan(lines: readonly Line[], before: boolean): Seen {
  let written = before;
  for (const line of lines) {
    const own = { ...line, then: null, otherwise: null, body: null };
    const writes = isWrite(own);
    if ((written || (writes && line.kind !== 'throw')) && canFail(own)) return { written, fails: true };
    written ||= writes;
    const inner = innerLines(line).map((list) => scan(list, written));
    if (inner.some(({ fails }) => fails)) return { written, fails: true };
    written ||= inner.some((one) => one.written);
  }
  return { written, fails: false };
}

function innerLines(line: Line): readonly (readonly Line[])[] {
  switch (line.kind) {
    case 'if':
      return [line.then, line.otherwise ?? []];
    case 'try':
      return [line.body, line.handler];
    case 'while':
    case 'for-of':
    case 'for':
      // A second turn finds what the first one wrote.
      return [[...line.body, ...line.body]];
    default:
      return [];
  }
}

/** Whatever is sent but a select that Drizzle builds. */
function isWrite(value: unknown): boolean {
  const text = JSON.stringify(value);
  if (!text.includes('"kind":"executor"')) return false;
  return !text.includes('"property":"select"') || /"property":"(insert|update|delete|execute)"/.test(text);
}

function canFail(value: unknown): boolean {
  return /"kind":"throw"|"module":"support","name":"(?!evaluate")/.test(JSON.stringify(value));
}
