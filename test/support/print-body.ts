/** Prints the fields of a parsed tree that matter, compactly, for comparison in tests. */

const DROPPED = new Set(['sql', 'line', 'columns']);

/** `{a: 1, b: [..]}` in one line; empty lists, nulls, false and positions are left out. */
export function printTree(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(printTree).join(', ')}]`;
  const special = printExpression(value as Record<string, unknown>);
  if (special !== null) return special;
  const { kind, ...rest } = value as Record<string, unknown>;
  const members = Object.entries(rest)
    .filter(([name, inner]) => !DROPPED.has(name) && inner !== null && inner !== false && !(Array.isArray(inner) && inner.length === 0))
    .map(([name, inner]) => `${name}: ${printTree(inner)}`);
  return `${kind === undefined ? '' : String(kind)}{${members.join(', ')}}`;
}

function printExpression(node: Record<string, unknown>): string | null {
  const type = node['type'] === null ? '?' : String(node['type']);
  const inferred = node['inferred'] === null ? '?' : String(node['inferred']);
  switch (node['kind']) {
    case 'column':
      return `${node['excluded'] === true ? 'excluded.' : ''}${String(node['range'])}.${String(node['column'])}:${type}`;
    case 'parameter':
      return `$${String(node['position'])}${path(node)}:${type}~${inferred}`;
    case 'variable':
      return `@${String(node['name'])}#${String(node['variable'])}${path(node)}:${type}~${inferred}`;
    case 'literal':
      return `${JSON.stringify(node['text'])}:${type}`;
    case 'null':
      return 'NULL';
    case 'operator':
      return `(${node['left'] === null ? '' : `${printTree(node['left'])} `}${String(node['operator'])} ${printTree(node['right'])}):${type}`;
    case 'table':
      return `${String(node['schema'])}.${String(node['table'])}#${String(node['range'])}${node['aliased'] === true ? `=${String(node['alias'])}` : ''}`;
    case 'call':
      return node['over'] === null && node['filter'] === null && !node['distinct'] && !node['withinGroup']
        ? `${String(node['name'])}(${node['star'] === true ? '*' : (node['arguments'] as { name: string | null; value: unknown }[]).map((each) => (each.name === null ? '' : `${each.name} => `) + printTree(each.value)).join(', ')}):${type}`
        : null;
    default:
      return null;
  }
}

function path(node: Record<string, unknown>): string {
  return (node['path'] as string[]).map((field) => `.${field}`).join('');
}
