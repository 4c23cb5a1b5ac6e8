/** Can something fail when a statement has already written? Then the body needs a transaction to take it back. */
import type { Line } from '../code.js';

/** `actsOnNoRows`: a write that finds no rows may act all the same, by triggers FOR EACH STATEMENT. */
export function failsAfterWrite(lines: readonly Line[], actsOnNoRows: boolean): boolean {
  return scan(lines, false, actsOnNoRows).fails;
}

interface Seen {
  readonly written: boolean;
  readonly fails: boolean;
}

function scan(lines: readonly Line[], before: boolean, actsOnNoRows: boolean): Seen {
  let written = before;
  for (const [index, line] of lines.entries()) {
    const own = { ...line, then: null, otherwise: null, body: null };
    const writes = isWrite(own);
    if ((written || (writes && line.kind !== 'throw')) && canFail(own)) return { written, fails: true };
    written ||= writes;
    const nothing = !actsOnNoRows && before === false && isMissTest(line, lines.slice(0, index));
    const inner = innerLines(line).map((list) => scan(list, written && !nothing, actsOnNoRows));
    if (inner.some(({ fails }) => fails)) return { written, fails: true };
    written ||= innerLines(line).some((list, at) => inner[at]?.written === true && !leaves(list));
  }
  return { written, fails: false };
}

/** Nothing that stands after the lines runs after them. */
function leaves(lines: readonly Line[]): boolean {
  const last = lines.at(-1);
  return last?.kind === 'return' || last?.kind === 'throw';
}

/** `if (!row)` or `if (!result.rowCount)` of the only write so far: where it holds, nothing was written. */
function isMissTest(line: Line, earlier: readonly Line[]): boolean {
  if (line.kind !== 'if' || line.test.kind !== 'not' || line.otherwise !== null) return false;
  const { value } = line.test;
  const tested = value.kind === 'member' && value.object.kind === 'local' ? value.object : value;
  if (tested.kind !== 'local') return false;
  const [write, ...others] = earlier.filter((one) => isWrite(one));
  if (write?.kind !== 'const' || others.length > 0 || /"(?:\$with|execute)"/.test(JSON.stringify(write)))
    return false;
  return write.pattern === tested.name || write.pattern === `[${tested.name}]`;
}

function innerLines(line: Line): readonly (readonly Line[])[] {
  switch (line.kind) {
    case 'if':
      return [line.then, line.otherwise ?? []];
    case 'try':
      return [line.body, line.handler];
    case 'labelled':
      return [line.body];
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
