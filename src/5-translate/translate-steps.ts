/**
 * A body of several steps as a function of its own. It is complete when every step translates exactly; else the
 * pieces that do not stand as their SQL in a comment and a call that throws.
 */
import type { Line } from './code.js';
import type { ModuleDraft, NoDraft } from './draft.js';
import { stayingHazard } from './callees.js';
import { withEveryCall } from './every-call.js';
import { withInlinedCalls } from './inline-calls.js';
import { documentation, moduleParameters, resultType, returnType, type StepsInput } from './module-head.js';
import { functionName } from './names.js';
import { callsItself, withItself } from './own-draft.js';
import { rawType } from './representation.js';
import { argumentChecks, nullGuard } from './steps/argument-checks.js';
import { withCombinedReads } from './steps/combine-reads.js';
import { LocalNames, type StepsContext } from './steps/context.js';
import { widened } from './steps/closure-variables.js';
import { shapeOf } from './steps/module-shape.js';
import { declared, declaredFound, startingAt } from './steps/declare-variables.js';
import { expandRecords } from './steps/expand-records.js';
import { failsAfterWrite } from './steps/fails-after-write.js';
import { startFlow } from './steps/flow.js';
import { lockHazard } from './steps/hazards.js';
import { withHoistedCalls } from './steps/hoist-calls.js';
import { normalized, type StepList } from './steps/normalize.js';
import { withoutAliases } from './steps/inline-aliases.js';
import { placed } from './steps/place-declarations.js';
import { endOfBody } from './steps/return.js';
import { dropUnreadColumns } from './steps/row-origin.js';
import { resultOf, type Result } from './steps/result.js';
import { settingHazard } from './steps/note-setting.js';
import { stepsInto } from './steps/step.js';
import { sqlBodySteps } from './steps/sql-body.js';
import { needsSnapshot, withoutSnapshots } from './steps/snapshot.js';
import { todoError } from './steps/todo.js';
import { variableUses } from './steps/variable-uses.js';
import { noDraft, Untranslatable } from './untranslatable.js';

export function translateSteps(asked: StepsInput): ModuleDraft | NoDraft {
  try {
    const input = withItself(withoutSnapshots(asked), false);
    const draft = translated(input);
    const again = draft.nullable === true && callsItself(input);
    return again ? translated(withItself(withoutSnapshots(asked), true)) : draft;
  } catch (error) {
    if (error instanceof Untranslatable) return noDraft(error, asked.routine);
    throw error;
  }
}

function translated(input: StepsInput): ModuleDraft {
  const plain = drafted(input, false);
  const draft = plain.wantsFound ? drafted(input, true).draft : plain.draft;
  return draft.snapshot === true ? (inOneStatement(input) ?? draft) : draft;
}

/** The body without a read of its own before the last one; null: it needs several statements. */
function inOneStatement(input: StepsInput): ModuleDraft | null {
  try {
    const list = withCombinedReads(stepsOf(input.verdict.body, input), input.catalog);
    const { draft } = drafted(input, false, list);
    return draft.completeness === 'complete' && draft.snapshot !== true ? draft : null;
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

/** `keepsFound`: FOUND is a variable of the function. */
function drafted(
  input: StepsInput,
  keepsFound: boolean,
  list = stepsOf(input.verdict.body, input),
): { readonly draft: ModuleDraft; readonly wantsFound: boolean } {
  const parameters = moduleParameters(input);
  const result = resultOrNull(input);
  const outs = list.variables.flatMap(({ id, origin }) => (origin === 'out' ? [id] : []));
  const context: StepsContext = {
    input,
    driver: input.project.clients[0]?.driver ?? 'node-postgres',
    parameters,
    steps: list.steps,
    variables: list.variables,
    uses: variableUses(list.steps, list.variables.length, outs),
    names: new LocalNames([
      ...['rows', 'row', ...parameters.map(({ module }) => module.name)],
      ...(callsItself(input) ? [functionName(input.routine, input.catalog)] : []),
    ]),
    locals: new Map(),
    todos: [],
    untranslated: [],
    reads: 0,
    describable: [],
    called: new Map(),
    mayGiveNull: false,
    staying: new Set(),
    partial: false,
    hazards: new Map(),
    loops: [],
    handling: [],
    guarded: 0,
    scopedNames: new Map(),
    origins: new Map(),
    checked: new Set(),
    rowTests: new Map(),
    endings: [],
    raises: [],
    result: { returned: 'none' },
    foundName: null,
    wantsFound: false,
    recursive: false,
  };
  const flow = startFlow();
  const lines: Line[] = [...(keepsFound ? declaredFound(context, flow) : []), ...declared(context, flow)];
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
  const snapshot = complete && needsSnapshot(list.steps, context);
  lockHazard(context, flow);
  settingHazard(context);
  dropUnreadColumns([lines, ending], context);
  const statements = Math.max(complete ? 0 : 1, flow.statements, flow.peak);
  const once = statements <= (context.recursive ? 0 : 1);
  const within = [...context.called.values()].some((one) => one.executor === 'tx' && one.pending !== true);
  const alone =
    complete &&
    once &&
    !within &&
    (context.recursive || !failsAfterWrite([...lines, ...ending], firesOnStatements(input)));
  const draft: ModuleDraft = {
    kind: 'module',
    completeness: complete ? 'complete' : 'skeleton',
    todos: context.todos,
    untranslated: context.untranslated,
    statements,
    roundTrips: alone ? statements : statements + 2,
    hazards: [...context.hazards.values(), ...stayingHazard(context.staying)],
    describable: complete && !context.partial ? context.describable : [],
    name: functionName(input.routine, input.catalog),
    documentation: documentation(input),
    executor: alone ? 'db' : 'tx',
    ...(snapshot ? { snapshot } : {}),
    ...(flow.locked === null ? {} : { locks: true }),
    parameters: parameters.map((parameter) => parameter.module),
    body: spaced([
      ...first,
      ...collected(context, result),
      ...widened(withoutAliases(placed(startingAt([...lines, ...ending])))),
    ]),
    returns: complete ? declaredType(input, result, context) : returnType(input),
    ...shapeOf(input, result),
    nullable: context.mayGiveNull || input.routine.strict || result?.kind !== 'scalar',
    ...(context.recursive ? { recursive: true } : {}),
    ...(context.called.size === 0 ? {} : { callees: [...context.called.values()] }),
  };
  return { draft, wantsFound: context.wantsFound };
}

/** Calls of routines that are one SELECT give way to it; others that JavaScript makes stand as steps of their own. */
function stepsOf(body: StepsInput['verdict']['body'], input: StepsInput): StepList {
  const list =
    body.kind === 'sql'
      ? sqlBodySteps(body, input)
      : expandRecords(normalized(body, input.catalog), input.catalog);
  if (input.callees === undefined) return withEveryCallMade(list, input);
  const steps = withInlinedCalls(list.steps, input.catalog, input.callees);
  return withEveryCallMade(withHoistedCalls({ ...list, steps }, input), input);
}

function withEveryCallMade(list: StepList, input: StepsInput): StepList {
  return input.verdict.body.kind === 'plpgsql' ? { ...list, steps: withEveryCall(list.steps, input) } : list;
}

function resultOrNull(input: StepsInput): Result | null {
  try {
    return resultOf(input);
  } catch (error) {
    if (error instanceof Untranslatable) return null;
    throw error;
  }
}

/** TypeScript cannot infer what a function gives that calls itself. */
function declaredType(input: StepsInput, result: Result | null, context: StepsContext): string | null {
  if (!context.recursive || result === null) return null;
  return resultType(input, result, context.mayGiveNull || input.routine.strict);
}

function unknownEnd(input: StepsInput, context: StepsContext): readonly Line[] {
  context.todos.push('the value that the function returns');
  context.untranslated.push('the value that the function returns');
  return returnType(input) === 'void'
    ? []
    : [{ kind: 'throw', value: todoError('the value that the function returns') }];
}

/** An empty line after each test, for the reader. */
function spaced(lines: readonly Line[]): readonly Line[] {
  return lines.flatMap((line, index): Line[] =>
    line.kind === 'if' && index < lines.length - 1 ? [line, { kind: 'blank' }] : [line],
  );
}

function firesOnStatements({ catalog }: StepsInput): boolean {
  return catalog.relations.some(({ triggers }) => triggers.some(({ level }) => level === 'statement'));
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
