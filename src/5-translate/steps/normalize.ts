/** A body as one list of steps: blocks without handlers flattened, initial values as assignments. */
import type { Block, Body, PlpgsqlBody, Step, Variable } from '../../3-parse/body.js';
import type { Catalog } from '../../1-read/catalog.js';
import type { Expression } from '../../3-parse/expression.js';
import { withOwnTargets } from './own-targets.js';
import { withRowSubquery } from './row-subquery.js';
import { innerLists, variableUses } from './variable-uses.js';
import { withoutUniqueHandler } from './unique-violation.js';

export interface StepList {
  readonly steps: readonly Step[];
  readonly variables: readonly Variable[];
}

export function normalized(body: Body, catalog: Catalog): StepList {
  if (body.kind === 'plpgsql') {
    const variables = [...body.variables];
    const steps = ofBlock(body.block, { ...body, variables, catalog }, true);
    return withOwnTargets({ steps, variables }, catalog);
  }
  const steps = body.statements.map((statement): Step => ({
    kind: 'perform',
    statement,
    line: statement.line,
    sql: statement.sql,
  }));
  return { steps, variables: [] };
}

/** A body whose list of variables grows by those that the steps need. */
type Growing = PlpgsqlBody & {
  readonly variables: Variable[];
  readonly catalog: Catalog;
  readonly inLoop?: boolean;
};

function ofBlock(block: Block, body: Growing, outermost: boolean): readonly Step[] {
  const initial = block.declares.flatMap((id): Step[] => {
    const variable = body.variables[id];
    if (!variable || variable.default === null || variable.default.kind === 'null') return [];
    return [
      {
        kind: 'assign',
        target: { kind: 'variable', variable: id },
        value: variable.default,
        line: variable.line,
        sql: `${variable.name} := its initial value`,
      },
    ];
  });
  // An INOUT argument starts with the argument's value, and no block declares it.
  const given = outermost ? body.variables.filter((one) => one.origin === 'out' && one.default) : [];
  const arguments_ = given.map((variable): Step => ({
    kind: 'assign',
    target: { kind: 'variable', variable: variable.id },
    value: variable.default ?? { kind: 'null', type: null },
    line: 0,
    sql: variable.name,
  }));
  // What a handler guards stays a block of its own.
  const plain =
    block.handlers.length === 0 ? block.statements : withoutUniqueHandler(block, body, body.catalog);
  const inside: readonly Step[] = plain === null ? [guarded(block, body)] : all(plain, body);
  const statements = isLeft(block) ? [leavable(block, inside)] : inside;
  const again = body.inLoop === true ? startingAgain(block, statements, body.variables) : [];
  return [...arguments_, ...again, ...initial.flatMap((step) => flat(step, body)), ...statements];
}

function guarded(block: Block, body: Growing): Block {
  const handlers = block.handlers.map((each) => ({ ...each, statements: all(each.statements, body) }));
  return { ...block, declares: [], statements: all(block.statements, body), handlers };
}

/** EXIT names the block by its label. */
function isLeft({ label, statements, handlers }: Block): boolean {
  const leaves = (steps: readonly Step[]): boolean =>
    steps.some((step) => (step.kind === 'exit' && step.label === label) || innerLists(step).some(leaves));
  return label !== null && [statements, ...handlers.map((handler) => handler.statements)].some(leaves);
}

function leavable(block: Block, statements: readonly Step[]): Block {
  return { ...block, declares: [], statements, handlers: [], failure: null };
}

function flat(step: Step, body: Growing): readonly Step[] {
  switch (step.kind) {
    case 'block':
      return ofBlock(step, body, false);
    case 'if':
      return [
        {
          ...step,
          branches: step.branches.map((branch) => ({ ...branch, then: all(branch.then, body) })),
          otherwise: step.otherwise && all(step.otherwise, body),
        },
      ];
    case 'case': {
      const { before, subject } = computedOnce(step, body);
      return [
        ...before,
        {
          ...step,
          subject,
          branches: step.branches.map((branch) => ({ ...branch, then: all(branch.then, body) })),
          otherwise: step.otherwise && all(step.otherwise, body),
        },
      ];
    }
    case 'for-query':
    case 'for-range':
    case 'foreach':
    case 'while':
    case 'loop':
      return [{ ...step, body: all(step.body, { ...body, inLoop: true }) }];
    default:
      return [withRowSubquery(step, body.variables, body.catalog)];
  }
}

function all(steps: readonly Step[], body: Growing): readonly Step[] {
  return steps.flatMap((step) => flat(step, body));
}

/** A block inside a loop is entered with new variables, NULL where they have no initial value. */
function startingAgain(
  block: Block,
  statements: readonly Step[],
  variables: readonly Variable[],
): readonly Step[] {
  const uses = variableUses(statements, variables.length);
  return block.declares.flatMap((id): Step[] => {
    const variable = variables[id];
    const use = uses[id];
    if (variable === undefined || use === undefined || use.single || use.definitions === 0) return [];
    if (variable.default !== null && variable.default.kind !== 'null') return [];
    const value: Expression = { kind: 'null', type: null };
    const target = { kind: 'variable', variable: id } as const;
    return [{ kind: 'assign', target, value, line: variable.line, sql: `${variable.name} := NULL` }];
  });
}

/** What CASE compares is computed once, into a variable of its type. */
function computedOnce(
  step: Extract<Step, { kind: 'case' }>,
  body: Growing,
): { readonly before: readonly Step[]; readonly subject: Expression | null } {
  const { subject, line } = step;
  if (subject === null || subject.type === null || /^(parameter|variable)$/.test(subject.kind))
    return { before: [], subject };
  const id = body.variables.length;
  const name = 'subject';
  body.variables.push({
    id,
    name,
    origin: 'declared',
    type: subject.type,
    typmod: -1,
    constant: true,
    notNull: false,
    default: null,
    line,
  });
  const target = { kind: 'variable', variable: id } as const;
  return {
    before: [{ kind: 'assign', target, value: subject, line, sql: `CASE at line ${line}` }],
    subject: { kind: 'variable', variable: id, name, path: [], type: subject.type, inferred: null },
  };
}
