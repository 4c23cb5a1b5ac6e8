/** What each column of a statement's rows goes into, and how PL/pgSQL assigns it there. */
import type { Target, Variable } from '../../3-parse/body.js';
import { relationColumns } from '../../3-parse/scope.js';
import { nameLookup } from '../../3-parse/name-lookup.js';
import type { Expression } from '../../3-parse/expression.js';
import type { SelectTarget, Statement } from '../../3-parse/statement.js';
import { walk } from '../../4-classify/walk-body.js';
import { camelCase } from '../names.js';
import { nullable } from '../nullability.js';
import { outerJoined, outputTargets } from '../selection.js';
import { unsupported } from '../untranslatable.js';
import { assignmentTo, type Assignment } from './assignment.js';
import { carrier } from './carrier.js';
import { bareName, isGiven, useOf, variableOf, type StepsContext } from './context.js';
import { fieldOf } from './field-variable.js';
import type { Flow } from './flow.js';
import type { Field } from './rows-query.js';
import { withKnown } from './read-variable.js';

export interface Assigned {
  readonly target: Target;
  /** Field of a record variable, or null for a scalar. */
  readonly name: string | null;
  readonly field: Field;
  readonly read: boolean;
  readonly type: number;
  readonly how: Assignment;
  /** The statement has no column for it. */
  readonly absent: boolean;
}

export function assignedFields(
  targets: readonly Target[],
  statement: Statement,
  context: StepsContext,
  flow: Flow,
): readonly Assigned[] {
  const given = outputTargets(statement);
  const [first] = targets;
  const record =
    targets.length === 1 && first?.kind === 'variable' ? recordType(first.variable, context) : null;
  const outer = outerJoined(statement);
  const neverNull = given.some(({ expression }) => !nullable(withKnown(expression, context, flow), outer));
  const wanted = record === null ? targets.length : (record.columns?.length ?? given.length);
  // What has no target is computed and dropped; a target without a value gets NULL.
  const nothing: SelectTarget = { name: 'nothing', expression: { kind: 'null', type: null } };
  const missing = Array.from({ length: Math.max(0, wanted - given.length) }, () => nothing);
  if (given.length > wanted && given.slice(wanted).some(({ expression }) => isEffect(expression)))
    unsupported('INTO of fewer variables than computed columns');
  return [...given.slice(0, wanted), ...missing].map((target, index): Assigned => {
    const into = record === null ? targets[index] : first;
    if (into?.kind !== 'variable') return unsupported('INTO of a part of a variable');
    const variable = variableOf(context, into.variable);
    const use = useOf(context, variable.id);
    const column = record?.columns?.[index];
    const name = record === null ? null : (column?.name ?? target.name);
    const from = target.expression.type ?? statement.columns?.[index]?.type ?? null;
    const fromTypmod = statement.columns?.[index]?.typmod ?? -1;
    const type = column?.type ?? (record === null ? variable.type : from);
    if (type === null) return unsupported(`a column of unknown type, ${target.name}`);
    const typmod = column?.typmod ?? (record === null ? variable.typmod : -1);
    const how = assignmentTo(context.input.catalog, from, { type, typmod }, fromTypmod);
    if (how.check !== null && record !== null) return unsupported('a length of a field');
    const key = record === null ? (fieldOf(variable) ?? bareName(variable.name)) : target.name;
    const mayBeNull = nullable(withKnown(target.expression, context, flow), outer);
    const whole = use.whole && !(use.wholeTested && neverNull);
    const driven = !carrier(context.input.catalog, type, context.driver).raw;
    const handedOn =
      name === null
        ? isGiven(variable, context)
        : driven && use.wholeReturned && use.whole && !use.fields.has(name);
    const checks = how.mayFail || variable.notNull;
    const read = name === null ? isRead(variable, context) || checks : use.fields.has(name) || whole;
    return {
      target: into,
      name,
      type,
      how,
      absent: target === nothing,
      read: (read && target !== nothing) || isEffect(target.expression),
      field: {
        key: uniqueKey(camelCase(key === '?column?' ? 'value' : key), given, index),
        target,
        type,
        cast: how.cast,
        nullable: mayBeNull,
        ...(handedOn ? { returned: true } : {}),
      },
    };
  });
}

/** The same key twice would lose a field. */
function uniqueKey(key: string, targets: readonly SelectTarget[], index: number): string {
  const clash = targets.slice(0, index).some((other) => camelCase(other.name) === key);
  return clash ? `${key}${index + 1}` : key;
}

function isRead(variable: Variable, context: StepsContext): boolean {
  return variable.origin === 'out' || useOf(context, variable.id).whole;
}

/** The columns of a record variable, null for those of whatever fills it; null for a scalar. */
export function recordType(
  id: number,
  context: StepsContext,
): { readonly columns: readonly { name: string; type: number | null; typmod: number }[] | null } | null {
  const variable = variableOf(context, id);
  if (variable.type === null) return { columns: null };
  const type = context.input.catalog.types.get(variable.type);
  if (type?.kind !== 'composite') return null;
  const { catalog } = context.input;
  const relation = nameLookup(catalog, catalog.searchPath).relationByOid(type.relation);
  if (relation === undefined || relation === null) return unsupported(`the row type ${type.sqlName}`);
  return { columns: relationColumns(relation) };
}

/** Evaluating it may fail or act, so that it stays although nobody reads it. */
function isEffect(node: Expression): boolean {
  let found = false;
  walk(node, null, ({ node: inner }) => {
    if (!['column', 'literal', 'null', 'parameter'].includes(inner.kind)) found = true;
  });
  return found;
}
