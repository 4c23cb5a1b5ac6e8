/** What steps assign to. */
import type { RawStep } from '../sql/parse-body-plpgsql.js';
import { rowFields } from '../sql/parse-body-plpgsql.js';
import type { Target } from './body.js';
import type { Expression } from './expression.js';
import type { PlpgsqlContext } from './plpgsql-context.js';

/** Target of a datum number; `text` is what was written, for elements of arrays. */
export function targetOf(context: PlpgsqlContext, datum: number, text: string): Target {
  const raw = context.compiled.function.datums[datum];
  const meaning = context.meanings.get(raw?.kind === 'recfield' ? raw.parent : datum);
  if (!raw || text.includes('[') || meaning?.kind !== 'variable')
    return { kind: 'unsupported-target', sql: text || (raw?.name ?? '') };
  const path = raw.kind === 'recfield' ? fieldPath(text, meaning.variable.name, raw.name) : [];
  if (path === null) return { kind: 'unsupported-target', sql: text };
  if (path.length > 0) return { kind: 'field', variable: meaning.variable.id, path };
  return { kind: 'variable', variable: meaning.variable.id };
}

/** `f` and `f.g` of `r.f`, `r.f.g` and `label.r.f`; null where the text may be either. */
function fieldPath(text: string, variable: string, field: string): readonly string[] | null {
  const words = (text.match(/"(?:[^"]|"")*"|[^.\s]+/g) ?? []).map((word) =>
    word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase(),
  );
  if (words.length < 3) return [field];
  const plain = words[0] === variable && words[1] === field;
  const labelled = words[1] === variable && words[2] === field;
  if (plain === labelled) return null;
  return words.slice(plain ? 1 : 2);
}

/**
 * Is the text an element or a part of one, `a[i]`, `r.a[i:j]`, `a[i].f`, that an expression reads under the same name?
 * Of a field of a field none does.
 */
export function isElement(text: string): boolean {
  const [name = '', ...parts] = text.split('[');
  return parts.length > 0 && name.split('.').length < 3;
}

/** An element of a variable or of a field of one, by the expression that reads it. */
export function elementTarget(part: Expression): Target | null {
  if (part.kind === 'field') {
    const of = elementTarget(part.operand);
    return of?.kind === 'element' && of.field === undefined ? { ...of, field: part.field } : null;
  }
  let operand: Expression = part;
  if (part.kind !== 'subscript') return null;
  while (operand.kind === 'subscript') operand = operand.operand;
  if (operand.kind !== 'variable' || operand.path.length > 1) return null;
  return { kind: 'element', variable: operand.variable, element: part };
}

/** Targets of INTO or FOR: a record, or the members of a row. */
export function targetsOfNode(context: PlpgsqlContext, node: RawStep | null): readonly Target[] {
  if (!node) return [];
  if (node.tag === 'row') return rowFields(node).map((field) => targetOf(context, field.datum, field.name));
  return [targetOf(context, datumNumber(context, node), node.text('refname') ?? '')];
}

/** The one RECORD variable that a statement's rows fill, or null. */
export function recordOf(context: PlpgsqlContext, targets: readonly Target[]): number | null {
  const [target, ...others] = targets;
  if (target?.kind !== 'variable' || others.length > 0) return null;
  return context.variables[target.variable]?.type === null ? target.variable : null;
}

/** Datum numbers that some step of the body assigns; a field counts for its record. */
export function assignedDatums(
  action: RawStep,
  datums: PlpgsqlContext['compiled']['function']['datums'],
): ReadonlySet<number> {
  const found = new Set<number>();
  const add = (datum: number): void => {
    const raw = datums[datum];
    found.add(raw?.kind === 'recfield' ? raw.parent : datum);
  };
  const visit = (node: RawStep): void => {
    if (node.tag === 'stmt_assign' || node.tag === 'stmt_foreach_a') add(node.number('varno'));
    if (node.tag === 'diag_item') add(node.number('target'));
    if (node.tag === 'stmt_execsql' || node.tag === 'stmt_dynexecute' || node.tag === 'stmt_fetch')
      addNode(node.node('target'));
    if (/^stmt_(dyn)?fors$/.test(node.tag)) addNode(node.node('var'));
    for (const child of node.children()) visit(child);
  };
  const addNode = (node: RawStep | null): void => {
    if (node?.tag === 'row') for (const field of rowFields(node)) add(field.datum);
    else if (node)
      add(
        node.tag === 'rec'
          ? node.number('dno')
          : datums.findIndex((raw) => raw.kind === 'var' && raw.name === node.text('refname')),
      );
  };
  visit(action);
  return found;
}

/** A record node carries its number; a scalar one is found by name and line. */
function datumNumber(context: PlpgsqlContext, node: RawStep): number {
  if (node.tag === 'rec') return node.number('dno');
  return context.compiled.function.datums.findIndex(
    (raw) => raw.kind === 'var' && raw.name === node.text('refname') && raw.line === node.number('lineno'),
  );
}
