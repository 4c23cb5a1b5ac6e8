/** Of several overloads the one that PostgreSQL chose, read from the types that it inferred. */
import type { Catalog } from '../1-read/catalog.js';
import type { DescribeAnswer, DescribeRequest } from '../io/database.js';
import type { CallArgument, RoutineCall, SiteRefusal } from './call-site.js';
import { isPolymorphic, withCallTypes } from './polymorphic-routine.js';
import { type Candidate, signatureOf } from './resolve-candidates.js';

const unknownLiteral = /^(?:'(?:[^']|'')*'|null)$/i;

/**
 * The statement itself, and with several candidates or a polymorphic one each argument alone, whose type the
 * statement hides.
 */
export function typedRequests(
  text: string,
  call: RoutineCall,
  candidates: readonly Candidate[],
  catalog: Catalog,
): readonly DescribeRequest[] {
  const generic = candidates.some(({ routine }) => isPolymorphic(routine, catalog));
  if (candidates.length < 2 && !generic) return [{ text }];
  const asked = typedArguments(call).map((argument) =>
    generic && call.embedded === true ? beside(text, argument) : alone(argument, generic),
  );
  return [text, ...asked].map((one) => ({ text: one }));
}

/** `answers` are those to `typedRequests`, the statement's being good. */
export function chooseByTypes(
  call: RoutineCall,
  declared: readonly Candidate[],
  answers: readonly DescribeAnswer[],
  catalog: Catalog,
): Candidate | SiteRefusal {
  const [statement, ...alone] = answers;
  const asked = typedArguments(call);
  const known = new Map(asked.map((argument, index) => [argument, typeOf(alone[index])]));
  const typeOfArgument = (argument: CallArgument): number | null => {
    const { hole, casts } = argument;
    const bare = hole !== null && casts.length === 0;
    if (bare) return statement?.ok === true ? (statement.parameters[hole.index - 1] ?? null) : null;
    const type = known.get(argument) ?? null;
    return type !== null && isOwnType(type, alone[asked.indexOf(argument)], catalog) ? type : null;
  };
  const shown = call.form === 'scalar' && call.embedded !== true && statement?.ok === true;
  const candidates = declared.map((one) => {
    const typed = withCallTypes(one, typeOfArgument, catalog);
    const agrees = !shown || sameType(statement.columns[0]?.type, typed.routine.returnType, catalog);
    return agrees ? typed : one;
  });
  const [only] = candidates;
  const builtin =
    call.schema === null && catalog.builtins.has(call.name) ? [`pg_catalog.${call.name}(…)`] : [];
  if (only !== undefined && candidates.length === 1 && builtin.length === 0) return only;
  const fitting = candidates.filter(
    (candidate) => builtin.length === 0 && fits(candidate, call, { statement, known }, catalog),
  );
  if (fitting.length === 1 && fitting[0] !== undefined) return fitting[0];
  const listed = fitting.length === 0 ? candidates : fitting;
  const signatures = [...listed.map(({ routine }) => signatureOf(routine, catalog)), ...builtin];
  return { reason: 'ambiguous-overload', detail: signatures.join(', ') };
}

interface Inferred {
  readonly statement: DescribeAnswer | undefined;
  /** Type OID of each argument that is more than a bare parameter. */
  readonly known: ReadonlyMap<CallArgument, number | null>;
}

/** A bare `$n` got the declared type of the routine that was chosen; other arguments have their own. */
function fits(
  { routine, bindings }: Candidate,
  call: RoutineCall,
  inferred: Inferred,
  catalog: Catalog,
): boolean {
  const { statement, known } = inferred;
  if (statement?.ok !== true) return false;
  const shown = call.form === 'scalar' && call.embedded !== true;
  if (shown && !sameType(statement.columns[0]?.type, routine.returnType, catalog)) return false;
  return bindings.every(({ argument, parameter }) => {
    if (argument === null) return true;
    // The elements that a VARIADIC parameter collected got its element type.
    const element = catalog.types.get(parameter.type)?.element;
    if (!call.arguments.includes(argument)) {
      return argument.holes.every((hole) => statement.parameters[hole.index - 1] === element);
    }
    const bare = argument.hole !== null && argument.casts.length === 0;
    const type = bare ? statement.parameters[argument.hole.index - 1] : known.get(argument);
    return type === undefined || type === null || sameType(type, parameter.type, catalog);
  });
}

/** Describe gives a domain's base type where a column is asked. */
function sameType(inferred: number | undefined, declared: number, catalog: Catalog): boolean {
  const type = catalog.types.get(declared);
  return inferred === declared || (type?.kind === 'domain' && inferred === type.baseType);
}

function typedArguments(call: RoutineCall): readonly CallArgument[] {
  return call.arguments.filter(
    (argument) =>
      !(argument.hole !== null && argument.casts.length === 0) && !unknownLiteral.test(argument.sql),
  );
}

/** With NULL for its parameters, which a cast or an operator gives a type. */
function alone(argument: CallArgument, generic: boolean): string {
  const sql = argument.sql.replaceAll(/\$\d+/g, 'NULL');
  return `SELECT ${sql}${generic ? `, ARRAY[${sql}]` : ''}`;
}

/** As the first column of the larger SELECT, whose columns it may name; elsewhere it has no type that can be asked. */
function beside(text: string, argument: CallArgument): string {
  const start = /^\s*select\s+(?:distinct\s+(?!on\b)|all\s+)?/i.exec(text)?.[0];
  if (start === undefined) return alone(argument, true);
  return `${start}${argument.sql}, ARRAY[${argument.sql}], ${text.slice(start.length)}`;
}

/** Describe gives a domain's base type for a value, but an array of the domain for an array of it. */
function isOwnType(type: number, answer: DescribeAnswer | undefined, { types }: Catalog): boolean {
  const array = answer?.ok === true ? answer.columns[1]?.type : undefined;
  return array === type || array === types.get(type)?.array;
}

function typeOf(answer: DescribeAnswer | undefined): number | null {
  return answer?.ok === true ? (answer.columns[0]?.type ?? null) : null;
}
