/** Variables declared where they are first assigned, inside the loop or branch that alone mentions them, and as never null where they never are. */
import type { Code, Line } from '../code.js';

export function placed(lines: readonly Line[]): readonly Line[] {
  const list = [...lines];
  for (const declaration of lines) {
    if (declaration.kind !== 'let' || !isNull(declaration.value)) continue;
    const rest = list.filter((line) => line !== declaration);
    const inside = withDeclaration(declaration, rest);
    if (inside !== null) list.splice(0, list.length, ...inside);
  }
  return neverNullNames(list);
}

type Declaration = Extract<Line, { kind: 'let' }>;

/** The lines with the declaration in place of the first assignment; null where something may read it before. */
function withDeclaration(declaration: Declaration, lines: readonly Line[]): readonly Line[] | null {
  const mentioning = lines.filter((line) => mentions(line, declaration.name));
  const [first, ...others] = mentioning;
  if (first === undefined) return null;
  const replace = (by: Line): readonly Line[] => lines.map((line) => (line === first ? by : line));
  if (first.kind === 'set') {
    if (first.target !== declaration.name || mentions(first.value, declaration.name)) return null;
    return replace(
      others.some((line) => assigns(line, declaration.name))
        ? { ...declaration, value: first.value }
        : { kind: 'const', pattern: typed(declaration), value: first.value },
    );
  }
  if (others.length > 0) return null;
  const lists = innerLines(first).filter((list) => mentions(list, declaration.name));
  const [only] = lists;
  if (only === undefined || lists.length > 1 || mentions(headOf(first), declaration.name)) return null;
  const inside = withDeclaration(declaration, only);
  if (inside === null) return null;
  const entries = Object.entries(first).map(([key, value]) => [key, value === only ? inside : value]);
  return replace(Object.fromEntries(entries) as Line);
}

function typed({ name, type }: Declaration): string {
  return type === null ? name : `${name}: ${type}`;
}

/** `let count: number | null = 0` that is never set to null is `let count = 0`. */
function neverNullNames(lines: readonly Line[]): readonly Line[] {
  const sets = new Map<string, Code[]>();
  const typedLets = new Set<string>();
  visitLines(lines, (line) => {
    if (line.kind === 'set') sets.set(line.target, [...(sets.get(line.target) ?? []), line.value]);
    if (
      line.kind === 'let' &&
      line.value !== null &&
      /^(number|string|boolean) \| null$/.test(line.type ?? '')
    ) {
      typedLets.add(line.name);
      sets.set(line.name, [...(sets.get(line.name) ?? []), line.value]);
    }
  });
  const present = new Set(typedLets);
  visitLines(lines, (line) => {
    if (line.kind === 'for') present.add(line.name);
  });
  // What is set to a name that may be null may be null itself.
  for (let before = -1; before !== present.size;) {
    before = present.size;
    for (const name of typedLets)
      if ((sets.get(name) ?? []).some((value) => !isPresent(value, present))) present.delete(name);
  }
  return mapLines(lines, (line) => {
    if (line.kind === 'let' && typedLets.has(line.name) && present.has(line.name))
      return { ...line, type: null };
    if (line.kind !== 'const' || !isPresent(line.value, present)) return line;
    return { ...line, pattern: line.pattern.replace(/: (?:number|string|boolean) \| null$/, '') };
  });
}

const presentHelpers = new Set([
  'int4Result',
  'divideInt4',
  'moduloInt4',
  'required',
  'loopBound',
  'loopStride',
]);

function isPresent(code: Code, names: ReadonlySet<string>): boolean {
  switch (code.kind) {
    case 'number':
    case 'string':
    case 'template':
    case 'not':
      return true;
    case 'keyword':
      return code.value === 'true' || code.value === 'false';
    case 'local':
      return names.has(code.name);
    case 'binary':
      return code.operator === '??' ? isPresent(code.right, names) : true;
    case 'conditional':
      return isPresent(code.then, names) && isPresent(code.otherwise, names);
    case 'call':
      return (
        code.callee.kind === 'routine' &&
        code.callee.module === 'support' &&
        presentHelpers.has(code.callee.name)
      );
    case 'await':
      return isEvaluated(code.value);
    default:
      return false;
  }
}

/** `evaluate(tx, sql<string>…)`: its type says that it is not null. */
function isEvaluated(code: Code): boolean {
  if (code.kind !== 'call' || code.callee.kind !== 'routine' || code.callee.name !== 'evaluate') return false;
  const sql = code.arguments[1];
  return sql?.kind === 'sql' && sql.type !== null && /^(number|string|boolean)$/.test(sql.type);
}

function isNull(value: Code | null): boolean {
  return value?.kind === 'keyword' && value.value === 'null';
}

function mentions(value: unknown, name: string): boolean {
  return JSON.stringify(value).includes(`"name":"${name}"`) || assigns(value, name);
}

function assigns(value: unknown, name: string): boolean {
  return JSON.stringify(value).includes(`"target":"${name}"`);
}

function innerLines(line: Line): readonly (readonly Line[])[] {
  switch (line.kind) {
    case 'if':
      return line.otherwise === null ? [line.then] : [line.then, line.otherwise];
    case 'for':
    case 'for-of':
    case 'while':
    case 'labelled':
      return [line.body];
    case 'try':
      return [line.body, line.handler];
    default:
      return [];
  }
}

function headOf(line: Line): unknown {
  return { ...line, then: null, otherwise: null, body: null, handler: null };
}

/** Every line at any depth, those of functions included. */
function visitLines(value: unknown, visit: (line: Line) => void): void {
  if (Array.isArray(value)) for (const item of value) visitLines(item, visit);
  else if (typeof value === 'object' && value !== null) {
    if ('kind' in value) visit(value as Line);
    for (const inner of Object.values(value)) visitLines(inner, visit);
  }
}

function mapLines(lines: readonly Line[], change: (line: Line) => Line): readonly Line[] {
  return lines.map((line) => {
    const changed = change(line);
    const lists = innerLines(changed);
    if (lists.length === 0) return changed;
    const entries = Object.entries(changed).map(([key, value]) => [
      key,
      lists.includes(value as readonly Line[])
        ? mapLines(value as readonly Line[], change)
        : (value as unknown),
    ]);
    return Object.fromEntries(entries) as Line;
  });
}
