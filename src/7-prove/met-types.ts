/** Types that the arguments of a body are turned into: by a cast, or by a variable that they are put in. */
import type { Body } from '../3-parse/body.js';
import type { Statement } from '../3-parse/statement.js';
import { add, type Found } from './found-facts.js';
import { leavesOf } from './operand-leaves.js';
import { sourcesOf } from './variable-sources.js';

export function meetTypes(root: Statement | Body, found: Found): void {
  const variables = new Map<number, number>();
  if (!('sql' in root) && root.kind === 'plpgsql') {
    for (const { id, type, default: value } of root.variables) {
      if (type === null) continue;
      variables.set(id, type);
      meetType(value, type, found);
    }
  }
  visit(root, variables, found);
}

function visit(value: unknown, variables: ReadonlyMap<number, number>, found: Found): void {
  if (typeof value !== 'object' || value === null) return;
  const node = value as Readonly<Record<string, unknown>>;
  if (node['kind'] === 'cast' && typeof node['type'] === 'number')
    meetType(node['operand'], node['type'], found);
  if (node['kind'] === 'assign') {
    const target = node['target'] as { readonly kind: string; readonly variable?: number };
    const type = target.kind === 'variable' ? variables.get(target.variable ?? 0) : undefined;
    if (type !== undefined) meetType(node['value'], type, found);
  }
  for (const child of Object.values(node)) visit(child, variables, found);
}

/** Only what passes an argument on as it is. */
function meetType(value: unknown, type: number, found: Found): void {
  for (const leaf of leavesOf(value)) {
    if (leaf.kind !== 'parameter' && leaf.kind !== 'variable') continue;
    for (const position of sourcesOf(leaf, new Map(), found.variables).parameters)
      add(found.parameterTypes, position, type);
  }
}
