/** Values that were given a name only to stand in the next line, such as the columns of RETURN NEXT. */
import type { Code, Line } from '../code.js';

/**
 * `const id2 = child.id; rows.push({ id: id2 })` is `rows.push({ id: child.id })`. Only names, their members and
 * constants move, over nothing but each other, and only where no later line mentions the name.
 */
export function withoutAliases(lines: readonly Line[]): readonly Line[] {
  const inner = lines.map(insideOf);
  return inner.flatMap((line, index) => {
    if (isAliasOfPush(inner, index)) return [];
    return isPush(line) ? [withValues(line, aliasesBefore(inner, index))] : [line];
  });
}

type Alias = Extract<Line, { kind: 'const' }>;

function isAliasOfPush(lines: readonly Line[], index: number): boolean {
  const at = lines.findIndex((line, place) => place > index && !isAlias(line));
  return at > index && aliasesBefore(lines, at).some((alias) => alias === lines[index]);
}

/** Those that stand directly before a push, which alone mentions them. */
function aliasesBefore(lines: readonly Line[], at: number): readonly Alias[] {
  const push = lines[at];
  if (push === undefined || !isPush(push)) return [];
  const found: Alias[] = [];
  for (let place = at - 1; place >= 0; place -= 1) {
    const line = lines[place];
    if (line === undefined || !isAlias(line)) break;
    const name = nameOf(line);
    const others = [...lines.slice(place + 1, at), ...lines.slice(at + 1)];
    if (mentionsIn(push, name) !== 1 || others.some((other) => mentionsIn(other, name) > 0)) break;
    found.push(line);
  }
  return found;
}

function isAlias(line: Line): line is Alias {
  return line.kind === 'const' && /^[\w$]+(?:: [^{[]+)?$/.test(line.pattern) && isPlain(line.value);
}

function isPlain(code: Code): boolean {
  if (code.kind === 'member') return code.optional !== true && isPlain(code.object);
  return ['local', 'argument', 'string', 'number', 'keyword'].includes(code.kind);
}

function isPush(line: Line): boolean {
  if (line.kind !== 'expression' || line.value.kind !== 'call') return false;
  const { callee } = line.value;
  return callee.kind === 'member' && callee.property === 'push' && callee.object.kind === 'local';
}

function nameOf({ pattern }: Alias): string {
  return pattern.replace(/:.*$/s, '');
}

/** How often; what stands in texts counts as well. */
function mentionsIn(line: Line, name: string): number {
  const word = new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g');
  const count = (value: unknown, key: string): number => {
    if (typeof value === 'string') return otherNames.has(key) ? 0 : (value.match(word)?.length ?? 0);
    if (typeof value !== 'object' || value === null) return 0;
    const inner = Array.isArray(value)
      ? value.map((item) => count(item, key))
      : Object.entries(value).map(([own, item]) => count(item, own));
    return inner.reduce((sum, one) => sum + one, 0);
  };
  return count(line, '');
}

/** Fields of the tree that name no variable. */
const otherNames = new Set(['kind', 'key', 'property', 'module', 'schema', 'table', 'operator']);

function withValues(line: Line, aliases: readonly Alias[]): Line {
  const values = new Map(aliases.map((alias) => [nameOf(alias), alias.value]));
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    const code = value as Code;
    const known = code.kind === 'local' ? values.get(code.name) : undefined;
    return known ?? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner)]));
  };
  return replaced(line) as Line;
}

function insideOf(line: Line): Line {
  switch (line.kind) {
    case 'if':
      return {
        ...line,
        then: withoutAliases(line.then),
        otherwise: line.otherwise === null ? null : withoutAliases(line.otherwise),
      };
    case 'for':
    case 'for-of':
    case 'while':
    case 'labelled':
      return { ...line, body: withoutAliases(line.body) };
    case 'try':
      return { ...line, body: withoutAliases(line.body), handler: withoutAliases(line.handler) };
    default:
      return line;
  }
}
