/**
 * A body of several steps as a function of its own: statements that translate are translated, control flow
 * is laid out, and every other piece stands as its SQL in a comment and a call that throws.
 */
import type { Step } from '../3-parse/body.js';
import type { Expression } from '../3-parse/expression.js';
import type { Statement } from '../3-parse/statement.js';
import { some } from './cardinality.js';
import type { Code, Line } from './code.js';
import type { ModuleDraft } from './draft.js';
import { moduleParameters, returnType, signature, type Parameter, type StepsInput } from './module-head.js';
import { camelCase } from './names.js';
import { rawType } from './representation.js';
import type { Scope } from './scope.js';
import { tableOccurrences } from './statements/ranges.js';
import { plain, selectBuilder } from './statements/select.js';
import { deleteBuilder, insertBuilder, updateBuilder } from './statements/write.js';
import { Untranslatable } from './untranslatable.js';

export function translateSteps(input: StepsInput): ModuleDraft {
  const parameters = moduleParameters(input);
  const pieces: Pieces = { input, parameters, todos: [], statements: 0, describable: [] };
  const { body } = input.verdict;
  const lines =
    body.kind === 'sql'
      ? body.statements.flatMap((statement) => statementLines(statement, statement.sql, false, pieces))
      : stepsLines(body.block.statements, pieces);
  const returns = returnType(input);
  const ending: readonly Line[] =
    returns === 'void' ? [] : [{ kind: 'throw', value: todoError('the value that the function returns') }];
  if (pieces.todos.length === 0) pieces.todos.push('the value that the function returns');
  return {
    kind: 'module',
    completeness: 'skeleton',
    todos: pieces.todos,
    statements: Math.max(1, pieces.statements),
    roundTrips: Math.max(1, pieces.statements) + 2,
    hazards: [],
    describable: pieces.describable,
    name: camelCase(input.routine.name),
    documentation: `${input.routine.schema}.${input.routine.name}(${signature(input)})`,
    executor: 'tx',
    parameters: parameters.map((parameter) => parameter.module),
    body: [...lines, ...ending],
    returns,
    shape: returns === 'void' ? 'nothing' : input.routine.returnsSet ? 'rows' : 'value',
    columns: input.columns.map((column) => ({
      key: column.name,
      type: rawType(input.catalog, column.type, input.project.clients[0]?.driver),
      nullable: true,
    })),
  };
}

interface Pieces {
  readonly input: StepsInput;
  readonly parameters: readonly Parameter[];
  readonly todos: string[];
  statements: number;
  readonly describable: Code[];
}

function stepsLines(steps: readonly Step[], pieces: Pieces): readonly Line[] {
  return steps.flatMap((step) => stepLines(step, pieces));
}

function stepLines(step: Step, pieces: Pieces): readonly Line[] {
  switch (step.kind) {
    case 'block': {
      const lines = stepsLines(step.statements, pieces);
      return step.handlers.length === 0
        ? lines
        : [
            ...todo(
              `EXCEPTION WHEN ${step.handlers.flatMap((handler) => handler.conditions).join(', ')}`,
              pieces,
            ),
            ...lines,
          ];
    }
    case 'if':
      return ifLines(step.branches, step.otherwise, pieces);
    case 'null':
      return [];
    case 'execute-sql':
      return step.into === null
        ? statementLines(step.statement, step.sql, true, pieces)
        : todo(step.sql, pieces);
    case 'perform':
      return statementLines(step.statement, step.sql, true, pieces);
    case 'for-query':
    case 'for-range':
    case 'foreach':
    case 'while':
    case 'loop': {
      const body = stepsLines(step.body, pieces);
      const head = step.sql.split('\n')[0]?.trim() ?? step.kind;
      return [{ kind: 'while', test: todoCall(head, pieces), body, label: null }];
    }
    case 'return':
      return step.value === null ? [{ kind: 'return', value: null }] : todo(step.sql, pieces);
    default:
      return todo('sql' in step ? step.sql : step.kind, pieces);
  }
}

type Branch = Extract<Step, { kind: 'if' }>['branches'][number];

function ifLines(
  branches: readonly Branch[],
  otherwise: readonly Step[] | null,
  pieces: Pieces,
): readonly Line[] {
  const [first, ...rest] = branches;
  if (first === undefined) return otherwise === null ? [] : stepsLines(otherwise, pieces);
  const test = todoCall(`IF at line ${first.line}: ${describe(first.condition)}`, pieces);
  const then = stepsLines(first.then, pieces);
  const remaining = rest.length > 0 || otherwise !== null ? ifLines(rest, otherwise, pieces) : null;
  return [{ kind: 'if', test, then, otherwise: remaining }];
}

/** A statement that stands on the arguments alone becomes a query; anything else is a piece to finish. */
function statementLines(
  statement: Statement,
  sql: string,
  discards: boolean,
  pieces: Pieces,
): readonly Line[] {
  if (some(statement, (node: Expression) => node.kind === 'variable')) return todo(sql, pieces);
  if (statement.kind === 'select' && !discards) return todo(sql, pieces);
  try {
    const code = builder(statement, scopeOf(statement, pieces));
    pieces.statements += 1;
    pieces.describable.push(code);
    return [{ kind: 'expression', value: { kind: 'await', value: code } }];
  } catch (error) {
    if (error instanceof Untranslatable) return todo(sql, pieces);
    throw error;
  }
}

function builder(statement: Statement, scope: Scope): Code {
  switch (statement.kind) {
    case 'select':
      return selectBuilder(statement, scope, (inner) =>
        statement.targets.map((target, index) => ({
          kind: 'property',
          key: target.expression.kind === 'column' ? target.expression.column : `value${index + 1}`,
          value: plain(target.expression, inner),
        })),
      ).code;
    case 'insert':
      return insertBuilder(statement, scope, null).code;
    case 'update':
      return updateBuilder(statement, scope, null).code;
    case 'delete':
      return deleteBuilder(statement, scope, null).code;
    case 'unsupported-statement':
      throw new Untranslatable('unsupported', statement.construct);
  }
}

function scopeOf(statement: Statement, { input, parameters }: Pieces): Scope {
  const occurrences = tableOccurrences(statement);
  return {
    catalog: input.catalog,
    tables: input.project.tables,
    routine: input.routine,
    driver: input.project.clients[0]?.driver ?? 'node-postgres',
    arguments: new Map(parameters.map((parameter) => [parameter.module.position, parameter.source])),
    variable: () => null,
    ranges: new Map(),
    form: 'builder',
    repeated: new Set(occurrences.filter((oid, index) => occurrences.indexOf(oid) !== index)),
    placeholders: new Map(),
    prelude: [],
    referenced: new Set(),
    cautious: false,
  };
}

function todo(sql: string, pieces: Pieces): readonly Line[] {
  const text = sql.trim();
  return [
    { kind: 'comment', text: `TODO(migrate-rpc): ${text}` },
    { kind: 'expression', value: todoCall(text, pieces) },
  ];
}

/** Names the arguments that the piece mentions, so that they are at hand where it is finished. */
function todoCall(sql: string, pieces: Pieces): Code {
  const line = sql.replace(/\s+/g, ' ').trim();
  pieces.todos.push(line);
  const mentioned = pieces.parameters.filter(({ sqlName, module }) => {
    const names = [sqlName, `$${module.position}`].filter((name) => name !== null);
    return names.some((name) => new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?!\\w)`, 'i').test(sql));
  });
  const items: Code[] = [
    { kind: 'executor' },
    { kind: 'string', value: line.length > 90 ? `${line.slice(0, 87)}…` : line },
    ...mentioned.map(({ module }): Code => ({ kind: 'argument', position: module.position })),
  ];
  return {
    kind: 'await',
    value: {
      kind: 'call',
      callee: { kind: 'routine', module: 'support', name: 'unfinished' },
      arguments: items,
    },
  };
}

function todoError(what: string): Code {
  const text: Code = { kind: 'string', value: `TODO(migrate-rpc): ${what}` };
  return { kind: 'new', callee: { kind: 'local', name: 'Error' }, arguments: [text] };
}

function describe(node: Expression): string {
  if (node.kind === 'unsupported') return node.sql;
  return 'its condition';
}
