/** Prints the fields of a parsed tree that matter, compactly, for comparison in tests. */

const DROPPED = new Set(['sql', 'line']);

/** `{a: 1, b: [..]}` in one line; empty lists, nulls, false and positions are left out. */
export function printTree(
  value: unknown,
  types: ReadonlyMap<number, { readonly name: string }> = new Map(),
): string {
  const named = (oid: string): string => types.get(Number(oid))?.name ?? oid;
  return print(value)
    .replace(/(:|~|type: |castFrom: )(\d+)\b/g, (_, before: string, oid: string) => before + named(oid))
    .replace(/, typmod: -1/g, '');
}

function print(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  const special = printExpression(value as Record<string, unknown>);
  if (special !== null) return special;
  const { kind, ...rest } = value as Record<string, unknown>;
  const members = Object.entries(rest)
    .filter(
      ([name, inner]) =>
        !DROPPED.has(name) &&
        !(name === 'columns' && 'line' in rest) &&
        inner !== null &&
        inner !== false &&
        !(Array.isArray(inner) && inner.length === 0),
    )
    .map(([name, inner]) => `${name}: ${print(inner)}`);
  return `${kind === undefined ? '' : text(kind)}{${members.join(', ')}}`;
}

function printExpression(node: Record<string, unknown>): string | null {
  const type = node['type'] === null ? '?' : text(node['type']);
  const inferred = node['inferred'] === null ? '?' : text(node['inferred']);
  switch (node['kind']) {
    case 'column':
      return `${node['excluded'] === true ? 'excluded.' : ''}${String(node['range'])}.${String(node['column'])}:${type}`;
    case 'parameter':
      return `$${String(node['position'])}${path(node)}:${type}~${inferred}`;
    case 'variable':
      if (!('type' in node)) return `@#${String(node['variable'])}`;
      return `@${String(node['name'])}#${String(node['variable'])}${path(node)}:${type}~${inferred}`;
    case 'literal':
      return `${JSON.stringify(node['text'])}:${type}`;
    case 'null':
      return 'NULL';
    case 'operator':
      return `(${node['left'] === null ? '' : `${print(node['left'])} `}${String(node['operator'])} ${print(node['right'])}):${type}`;
    case 'table':
      if (!('oid' in node)) return null;
      return `${String(node['schema'])}.${String(node['table'])}#${String(node['range'])}${node['aliased'] === true ? `=${String(node['alias'])}` : ''}`;
    case 'call':
      return node['over'] === null && node['filter'] === null && !node['distinct'] && !node['withinGroup']
        ? `${String(node['name'])}(${node['star'] === true ? '*' : (node['arguments'] as { name: string | null; value: unknown }[]).map((each) => (each.name === null ? '' : `${each.name} => `) + print(each.value)).join(', ')}):${type}`
        : null;
    default:
      return null;
  }
}

function path(node: Record<string, unknown>): string {
  return (node['path'] as string[]).map((field) => `.${field}`).join('');
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}
