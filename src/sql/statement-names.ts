/** What test inputs of a whole statement can be aimed by: its tables, and the columns its parameters meet. */
import { parseSql } from './parse-sql.js';
import { visit } from './tree-mentions.js';

export interface StatementNames {
  readonly tables: readonly { readonly schema: string | null; readonly table: string }[];
  /** Column that a parameter is compared with or stored in, by the parameter's number. */
  readonly columns: ReadonlyMap<number, string>;
}

/** Empty for text that does not parse. */
export function statementNames(text: string): StatementNames {
  const tables: { schema: string | null; table: string }[] = [];
  const columns = new Map<number, string>();
  const parsed = parseSql(text);
  if (!parsed.ok) return { tables, columns };
  visit(parsed.statements, (kind, value) => {
    if ((kind === 'RangeVar' || kind === 'relation') && 'relname' in value) {
      const schema = 'schemaname' in value ? String(value.schemaname) : null;
      tables.push({ schema, table: String(value.relname) });
    }
    if (kind !== 'A_Expr' || !('lexpr' in value) || !('rexpr' in value)) return;
    for (const [one, other] of [
      [value.lexpr, value.rexpr],
      [value.rexpr, value.lexpr],
    ]) {
      const parameter = parameterOf(one);
      const column = columnOf(other);
      if (parameter !== null && column !== null) columns.set(parameter, column);
    }
  });
  return { tables, columns };
}

interface Tagged {
  readonly TypeCast?: { readonly arg?: unknown };
  readonly ParamRef?: { readonly number?: number };
  readonly ColumnRef?: { readonly fields?: readonly { readonly String?: { readonly sval?: string } }[] };
}

function parameterOf(node: unknown): number | null {
  const tagged = node as Tagged | undefined;
  if (tagged?.TypeCast !== undefined) return parameterOf(tagged.TypeCast.arg);
  return tagged?.ParamRef?.number ?? null;
}

function columnOf(node: unknown): string | null {
  const tagged = node as Tagged | undefined;
  return tagged?.ColumnRef?.fields?.at(-1)?.String?.sval ?? null;
}
