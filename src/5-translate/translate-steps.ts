/**
 * A body of several steps as a function of its own. It is complete when every step translates exactly; else the
 * pieces that do not stand as their SQL in a comment and a call that throws.
 */
import type { Code, Line } from './code.js';
import type { DraftColumn, ModuleDraft, NoDraft } from './draft.js';
import { moduleParameters, returnType, signature, type StepsInput } from './module-head.js';
import { camelCase } from './names.js';
import { rawType } from './representation.js';
import { argumentChecks, nullGuard } from './steps/argument-checks.js';
import { carrier } from './steps/carrier.js';
import { LocalNames, type StepsContext } from './steps/context.js';
import { startFlow, type Flow } from './steps/flow.js';
import { lockHazard } from './steps/hazards.js';
import { normalized } from './steps/normalize.js';
import { endOfBody } from './steps/return.js';
import { resultOf, type Result } from './steps/result.js';
import { stepsInto } from './steps/step.js';
import { sqlBodySteps } from './steps/sql-body.js';
import { todoError } from './steps/todo.js';
import { variableUses } from './steps/variable-uses.js';
import { Untranslatable } from './untranslatable.js';

export function translateSteps(input: StepsInput): ModuleDraft | NoDraft {
  try {
    return drafted(input);
  } catch (error) {
    if (error instanceof Untranslatable) return { kind: 'none', reason: error.reason, detail: error.detail };
    throw error;
  }
}

function drafted(input: StepsInput): ModuleDraft {
  const { body } = input.verdict;
  const list = body.kind === 'sql' ? sqlBodySteps(body, input) : normalized(body);
  const parameters = moduleParameters(input);
  const result = resultOrNull(input);
  const context: StepsContext = {
    input,
    driver: input.project.clients[0]?.driver ?? 'node-postgres',
    parameters,
    steps: list.steps,
    variables: list.variables,
    uses: variableUses(list.steps, list.variables.length),
    names: new LocalNames(['rows', 'row', ...parameters.map(({ module }) => module.name)]),
    locals: new Map(),
    todos: [],
    reads: 0,
    describable: [],
    partial: false,
    hazards: new Map(),
    checked: new Set(),
    rowTests: new Map(),
    endings: [],
    raises: [],
    result: { returned: 'none' },
  };
  const flow = startFlow();
  const lines: Line[] = declared(context, flow);
  stepsInto(list.steps, context, flow, lines, true);
  const ending: Line[] = [];
  if (result === null) ending.push(...unknownEnd(input, context));
  else if (context.todos.length === 0) endOfBody(context, flow, ending);
  else if ((!flow.ended || lines.at(-1)?.kind === 'expression') && result.kind !== 'void') {
    // A RETURN that did not translate ends the body without giving a value.
    ending.push({ kind: 'throw', value: todoError('the value that the function returns') });
  }
  const complete = context.todos.length === 0;
  const first = complete ? [...nullGuard(context, result), ...argumentChecks(context, flow)] : [];
  if (complete) refuseSnapshot(input, context.reads);
  lockHazard(context, flow);
  const statements = Math.max(complete ? 0 : 1, flow.statements, flow.peak);
  const alone = complete && statements <= 1;
  return {
    kind: 'module',
    completeness: complete ? 'complete' : 'skeleton',
    todos: context.todos,
    statements,
    roundTrips: alone ? statements : statements + 2,
    hazards: [...context.hazards].map(([rule, message]) => ({ rule, message })),
    describable: complete && !context.partial ? context.describable : [],
    name: camelCase(input.routine.name),
    documentation: `${input.routine.schema}.${input.routine.name}(${signature(input)})`,
    executor: alone ? 'db' : 'tx',
    parameters: parameters.map((parameter) => parameter.module),
    body: spaced([...first, ...collected(context, result), ...startingAt(lines), ...ending]),
    returns: complete ? null : returnType(input),
    ...shapeOf(input, result),
  };
}

function resultOrNull(input: StepsInput): Result | null {
  try {
    return resultOf(input);
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

function unknownEnd(input: StepsInput, context: StepsContext): readonly Line[] {
  context.todos.push('the value that the function returns');
  return returnType(input) === 'void'
    ? []
    : [{ kind: 'throw', value: todoError('the value that the function returns') }];
}

/** Variables that are assigned more than once, or read before they are. */
function declared(context: StepsContext, flow: Flow): Line[] {
  const lines: Line[] = [];
  for (const variable of context.variables) {
    const use = context.uses[variable.id];
    const needed = use !== undefined && (use.whole || variable.origin === 'out');
    flow.bindings.set(variable.id, { kind: 'null' });
    if (variable.origin === 'found' || !needed || use.single || use.definitions === 0) continue;
    if (variable.type === null) continue;
    const kind = context.input.catalog.types.get(variable.type)?.kind;
    if (kind === 'composite' || kind === 'pseudo' || kind === undefined) continue;
    const name = context.names.ofVariable(variable.name);
    const { type } = carrier(context.input.catalog, variable.type, context.driver);
    const nothing: Code = { kind: 'keyword', value: 'null' };
    lines.push({ kind: 'let', name, type: `${type} | null`, value: nothing });
    const code: Code = { kind: 'local', name };
    context.locals.set(variable.id, code);
    flow.bindings.set(variable.id, { kind: 'local', code, type: variable.type, nullable: true });
  }
  return lines;
}

/** A variable that gets its value before anything else happens is declared with it. */
function startingAt(lines: readonly Line[]): readonly Line[] {
  const run = lines.findIndex((line) => line.kind !== 'let' && line.kind !== 'set');
  const first = lines.slice(0, run < 0 ? lines.length : run);
  const dropped = new Set<Line>();
  const replaced = first.map((line, index): Line => {
    if (line.kind !== 'set') return line;
    const earlier = first.slice(0, index);
    const declaration = earlier.find((one) => one.kind === 'let' && one.name === line.target);
    const mentioned = [...earlier, line.value].some(
      (one) =>
        one !== declaration &&
        JSON.stringify(one).match(new RegExp(`"(?:name|target)":"${line.target}"`)) !== null,
    );
    if (declaration?.kind !== 'let' || mentioned) return line;
    dropped.add(declaration);
    return { ...declaration, value: line.value };
  });
  const kept = replaced.filter((line) => !dropped.has(line));
  const rest = lines.slice(first.length);
  return [...kept.map((line) => constantUnlessSet(line, [...kept, ...rest])), ...rest];
}

/** In a skeleton what assigns a variable may be a piece that is left to write. */
function constantUnlessSet(line: Line, lines: readonly Line[]): Line {
  if (line.kind !== 'let' || line.value === null) return line;
  if (JSON.stringify(lines).includes(`"kind":"set","target":"${line.name}"`)) return line;
  return {
    kind: 'const',
    pattern: line.type === null ? line.name : `${line.name}: ${line.type}`,
    value: line.value,
  };
}

/** An empty line after each test, for the reader. */
function spaced(lines: readonly Line[]): readonly Line[] {
  return lines.flatMap((line, index): Line[] =>
    line.kind === 'if' && index < lines.length - 1 ? [line, { kind: 'blank' }] : [line],
  );
}

/** Rows that several RETURN QUERY give. */
function collected(context: StepsContext, result: Result | null): readonly Line[] {
  if (context.result.returned === 'none' || result?.kind !== 'set') return [];
  const { catalog } = context.input;
  const fields = result.columns.map(({ name, type }) => {
    const raw = rawType(catalog, type, context.driver);
    return `${JSON.stringify(name)}: ${raw === 'unknown' ? raw : `${raw} | null`}`;
  });
  return [
    { kind: 'const', pattern: `rows: { ${fields.join('; ')} }[]`, value: { kind: 'array', items: [] } },
  ];
}

/** One snapshot serves every read of a routine that is not volatile. */
function refuseSnapshot({ routine }: StepsInput, reads: number): void {
  if (routine.volatility === 'volatile' || reads < 2) return;
  throw new Untranslatable('snapshot', `${reads} reads of a ${routine.volatility.toUpperCase()} function`);
}

function shapeOf(input: StepsInput, result: Result | null): Pick<ModuleDraft, 'shape' | 'columns'> {
  const column = ({ name, type }: { readonly name: string; readonly type: number }): DraftColumn => ({
    key: name,
    type: rawType(input.catalog, type, input.project.clients[0]?.driver),
    nullable: true,
  });
  if (result === null) {
    const returns = returnType(input);
    const shape = returns === 'void' ? 'nothing' : input.routine.returnsSet ? 'rows' : 'value';
    return { shape, columns: input.columns.map(column) };
  }
  switch (result.kind) {
    case 'void':
      return { shape: 'nothing', columns: [] };
    case 'scalar':
      return { shape: 'value', columns: [] };
    case 'out':
      return result.columns.length === 1
        ? { shape: 'value', columns: [] }
        : { shape: 'rows', columns: result.columns.map(column) };
    default:
      return { shape: 'rows', columns: result.columns.map(column) };
  }
}
