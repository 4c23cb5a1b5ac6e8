/** CALL inside a PL/pgSQL body: its OUT and INOUT arguments are variables that it assigns (PostgreSQL manual, 41.6.3). */
import { parseSqlText, type Node } from '../sql/parse-body.js';
import type { RawStep } from '../sql/parse-body-plpgsql.js';
import type { Step, Target } from './body.js';
import type { Expression } from './expression.js';
import type { NameLookup } from './name-lookup.js';
import type { Later, PlpgsqlContext } from './plpgsql-context.js';
import { stepText } from './plpgsql-context.js';
import { laterStatement } from './plpgsql-expressions.js';
import type { NameScope } from './plpgsql-variables.js';

/** Null: it is DO. */
export function callStep(
  context: PlpgsqlContext,
  scope: NameScope,
  node: RawStep,
  line: number,
): Later<Step> | null {
  if (!node.flag('is_call')) return null;
  const sql = stepText(context, line, /^call$/i);
  const statement = laterStatement(context, scope, node.expression('expr')?.query ?? '', line);
  return () => {
    const built = statement();
    const called = built.kind === 'unsupported-statement' ? built.called : undefined;
    if (called === undefined) return { kind: 'unsupported-step', construct: 'CALL', line, sql };
    const targets = called.outs.map(({ given }) => targetOf(given));
    const into = targets.length === 0 ? null : { strict: false, targets };
    return { kind: 'execute-sql', statement: built, into, line, sql };
  };
}

/** Only a variable or a field of one can be assigned. */
function targetOf(given: Expression): Target {
  if (given.kind !== 'variable' || given.path.length > 1)
    return { kind: 'unsupported-target', sql: 'an argument that CALL cannot assign' };
  const { variable, path } = given;
  return path.length === 0 ? { kind: 'variable', variable } : { kind: 'field', variable, path };
}

/** Names that some CALL of the body passes as an OUT or INOUT argument. */
export function calledOuts(action: RawStep, lookup: NameLookup): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: RawStep): void => {
    if (node.tag === 'stmt_call')
      for (const name of outNames(node.expression('expr')?.query ?? '', lookup)) found.add(name);
    for (const child of node.children()) visit(child);
  };
  visit(action);
  return found;
}

function outNames(query: string, lookup: NameLookup): readonly string[] {
  const parsed = parseSqlText(query);
  const node = parsed.ok ? parsed.statements[0]?.node : undefined;
  if (node === undefined || !('CallStmt' in node)) return [];
  const { funcname = [], args = [] } = node.CallStmt.funccall ?? {};
  const names = funcname.map((part) => ('String' in part ? (part.String.sval ?? '') : ''));
  const schema = names.length > 1 ? (names.at(-2) ?? null) : null;
  const procedures = lookup
    .routines(schema, names.at(-1) ?? '')
    .filter(({ kind, arguments: list }) => kind === 'procedure' && list.some(({ mode }) => isOut(mode)));
  return args.flatMap((argument, index) => {
    const named = 'NamedArgExpr' in argument ? argument.NamedArgExpr : null;
    const assigned = procedures.some(({ arguments: list }) => {
      const one = named === null ? list[index] : list.find(({ name }) => name === named.name);
      return one !== undefined && isOut(one.mode);
    });
    return assigned ? columnName(named === null ? argument : named.arg) : [];
  });
}

function isOut(mode: string): boolean {
  return mode === 'out' || mode === 'inout';
}

function columnName(node: Node | undefined): readonly string[] {
  if (node === undefined || !('ColumnRef' in node)) return [];
  return (node.ColumnRef.fields ?? []).flatMap((field) =>
    'String' in field && field.String.sval !== undefined ? [field.String.sval] : [],
  );
}
