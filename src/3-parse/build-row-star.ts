/** `v.*` and `(v).*` of a variable or an argument with a row type, as its fields in the order of their declaration. */
import type { Node } from '../sql/parse-body.js';
import { fieldNames } from './build-name.js';
import type { StatementContext } from './statement-context.js';
import { endOfName, occur } from './statement-context.js';
import type { SelectTarget } from './statement.js';

/** Null where the node is no star, or not one of a variable whose columns are known. */
export function expandRowStar(context: StatementContext, node: Node): readonly SelectTarget[] | null {
  const base = starred(node);
  const names = base && fieldNames(base.fields);
  const whole = names && context.names.resolve(names);
  if (!names || !whole || (whole.kind !== 'variable' && whole.kind !== 'parameter')) return null;
  const type = whole.type === null ? undefined : context.lookup.catalog.types.get(whole.type);
  const relation = type && type.relation !== 0 ? context.lookup.relationByOid(type.relation) : null;
  if (!relation) return null;
  const fields = relation.columns.flatMap(({ name }): SelectTarget[] => {
    const field = context.names.resolve([...names, name]);
    return field ? [{ name, expression: field }] : [];
  });
  if (fields.length < relation.columns.length) return null;
  occur(context, base.start, endOfName(context, base.start, names.length), whole);
  return fields;
}

function starred(node: Node): { readonly fields: readonly Node[]; readonly start: number } | null {
  if ('ColumnRef' in node) {
    const { fields = [], location = 0 } = node.ColumnRef;
    const last = fields.at(-1);
    return last && 'A_Star' in last && fields.length > 1
      ? { fields: fields.slice(0, -1), start: location }
      : null;
  }
  if (!('A_Indirection' in node)) return null;
  const { arg, indirection = [] } = node.A_Indirection;
  const [only, ...others] = indirection;
  if (!only || !('A_Star' in only) || others.length > 0 || !arg || !('ColumnRef' in arg)) return null;
  return { fields: arg.ColumnRef.fields ?? [], start: arg.ColumnRef.location ?? 0 };
}
