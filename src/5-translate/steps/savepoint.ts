/**
 * `await tx.transaction(async (savepoint) => { … })`. What leaves the block by RETURN, EXIT or CONTINUE leaves the
 * callback first, so that the savepoint is released, as PL/pgSQL does (exec_stmt_block in pl_exec.c).
 */
import type { Code, Line } from '../code.js';
import { unsupported } from '../untranslatable.js';
import type { StepsContext } from './context.js';

/** `handle`: name of the callback's parameter. `ends`: no path of the lines runs past their end. */
export function savepoint(
  lines: readonly Line[],
  handle: string,
  ends: boolean,
  context: StepsContext,
): readonly Line[] {
  const last = lines.at(-1);
  const before = lines.slice(0, -1);
  if (last !== undefined && waysOut(before).length === 0 && standsOutside(last))
    return [{ kind: 'expression', value: call(before, handle) }, last];
  const ways = waysOut(lines);
  if (ways.length === 0) return [{ kind: 'expression', value: call(lines, handle) }];
  if (ends && ways.every((way) => way.kind === 'return')) {
    const given = ways.some((way) => way.kind === 'return' && way.value !== null);
    if (given) return [{ kind: 'return', value: call(lines, handle) }];
    return [
      { kind: 'expression', value: call(lines, handle) },
      { kind: 'return', value: null },
    ];
  }
  return [...toldOutside(lines, ways, ends, handle, context)];
}

type WayOut = Extract<Line, { kind: 'return' | 'break' | 'continue' }>;

function call(body: readonly Line[], handle: string): Code {
  const callback: Code = { kind: 'arrow', async: true, parameters: [handle], body, bindsExecutor: true };
  const callee: Code = { kind: 'member', object: { kind: 'executor' }, property: 'transaction' };
  return { kind: 'await', value: { kind: 'call', callee, arguments: [callback] } };
}

/** The end says the same behind the callback, as it names nothing of it. */
function standsOutside(line: Line): boolean {
  if (line.kind === 'break' || line.kind === 'continue') return true;
  if (line.kind !== 'return') return false;
  return line.value === null || /^(string|number|keyword|argument)$/.test(line.value.kind);
}

/** Lines that leave the block and not only a loop inside. */
function waysOut(
  lines: readonly Line[],
  inner: readonly (string | null)[] = [],
  blocks: readonly string[] = [],
): readonly WayOut[] {
  return lines.flatMap((line): readonly WayOut[] => {
    switch (line.kind) {
      case 'return':
        return [line];
      case 'break':
      case 'continue': {
        const own = line.label === null ? inner.length > 0 : [...inner, ...blocks].includes(line.label);
        return own ? [] : [line];
      }
      case 'if':
        return [...waysOut(line.then, inner, blocks), ...waysOut(line.otherwise ?? [], inner, blocks)];
      case 'while':
      case 'for-of':
      case 'for':
        return waysOut(line.body, [...inner, line.label], blocks);
      case 'labelled':
        return waysOut(line.body, inner, [...blocks, line.label]);
      case 'try':
        return [...waysOut(line.body, inner, blocks), ...waysOut(line.handler, inner, blocks)];
      default:
        return [];
    }
  });
}

/** Some paths leave and others do not: the callback tells which, and the line behind it leaves. */
function toldOutside(
  lines: readonly Line[],
  ways: readonly WayOut[],
  ends: boolean,
  handle: string,
  context: StepsContext,
): readonly Line[] {
  const jumps = new Map(ways.flatMap((way) => (way.kind === 'return' ? [] : [[tag(way), way] as const])));
  const returns = ways.filter((way) => way.kind === 'return');
  const gives = returns.some(({ value }) => value !== null);
  if (gives && jumps.size > 1) unsupported('RETURN and several other ways out of a block with EXCEPTION');
  const nothing: Code = { kind: 'keyword', value: 'null' };
  const told = replaced(lines, new Set(ways));
  const body: readonly Line[] = ends ? told : [...told, { kind: 'return', value: nothing }];
  const name = context.names.unique('left');
  const local: Code = { kind: 'local', name };
  const is = (test: Code, then: Line): Line => ({ kind: 'if', test, then: [then], otherwise: null });
  const equal = (left: Code, operator: string, right: Code): Code => ({
    kind: 'binary',
    operator,
    left,
    right,
  });
  const after = [...jumps].map(([text, way]): Line => {
    const typeOf: Code = { kind: 'local', name: `typeof ${name}` };
    const test = gives
      ? equal(typeOf, '===', { kind: 'string', value: 'string' })
      : equal(local, '===', { kind: 'string', value: text });
    return is(test, way);
  });
  const value: Code = { kind: 'member', object: local, property: 'value' };
  if (gives) after.push(is(equal(local, '!==', nothing), { kind: 'return', value }));
  else if (returns.length > 0)
    after.push(is(equal(local, '===', { kind: 'string', value: 'return' }), { kind: 'return', value: null }));
  return [{ kind: 'const', pattern: name, value: call(body, handle) }, ...after];
}

function tag(way: Exclude<WayOut, { kind: 'return' }>): string {
  return way.label === null ? way.kind : `${way.kind} ${way.label}`;
}

function replaced(lines: readonly Line[], ways: ReadonlySet<Line>): readonly Line[] {
  return lines.map((line): Line => {
    if (ways.has(line)) return told(line as WayOut);
    switch (line.kind) {
      case 'if':
        return {
          ...line,
          then: replaced(line.then, ways),
          otherwise: line.otherwise && replaced(line.otherwise, ways),
        };
      case 'while':
      case 'for-of':
      case 'for':
      case 'labelled':
        return { ...line, body: replaced(line.body, ways) };
      case 'try':
        return { ...line, body: replaced(line.body, ways), handler: replaced(line.handler, ways) };
      default:
        return line;
    }
  });
}

function told(way: WayOut): Line {
  if (way.kind !== 'return') return { kind: 'return', value: { kind: 'string', value: tag(way) } };
  if (way.value === null) return { kind: 'return', value: { kind: 'string', value: 'return' } };
  const entries = [{ kind: 'property', key: 'value', value: way.value } as const];
  return { kind: 'return', value: { kind: 'object', entries } };
}
