/** Blocks, conditions and loops. */
import type { RawStep } from '../sql/parse-body-plpgsql.js';
import type { Block, Step } from './body.js';
import type { Later, PlpgsqlContext, VariableDraft } from './plpgsql-context.js';
import { childScope, declareVariable, stepText } from './plpgsql-context.js';
import { declareSection } from './plpgsql-declare.js';
import { laterExpression, laterExpressions, laterStatement } from './plpgsql-expressions.js';
import { buildSteps } from './plpgsql-steps.js';
import { recordOf, targetOf, targetsOfNode } from './plpgsql-targets.js';
import type { Meaning, NameScope } from './plpgsql-variables.js';

/** A block with its own DECLARE section, found by the line of its BEGIN. */
export function buildBlock(context: PlpgsqlContext, scope: NameScope, node: RawStep): Later<Block> {
  const line = node.number('lineno');
  const label = node.text('label');
  const { inner, declares } = declareSection(context, scope, label, line);
  const statements = buildSteps(context, inner, node.nodes('body'));
  const exceptions = node.node('exceptions')?.nodes('exc_list') ?? [];
  const failure = exceptions.length === 0 ? null : declareFailure(context, line);
  const names = new Map<string, Meaning>(
    Object.entries(failure ?? {}).map(([name, variable]) => [name, { kind: 'variable', variable }]),
  );
  const handlers = exceptions.map((handler) => ({
    conditions: handler.nodes('conditions').map((condition) => condition.text('condname') ?? ''),
    statements: buildSteps(context, childScope(inner, null, names), handler.nodes('action')),
    line: handler.number('lineno') || line,
  }));
  return () => ({
    kind: 'block',
    label,
    declares,
    statements: statements(),
    handlers: handlers.map((handler) => ({ ...handler, statements: handler.statements() })),
    failure: failure && { sqlstate: failure.sqlstate.id, sqlerrm: failure.sqlerrm.id },
    line,
  });
}

/** SQLSTATE and SQLERRM, two constants for each EXCEPTION in the order of the text (pl_gram.y, exception_sect). */
function declareFailure(
  context: PlpgsqlContext,
  line: number,
): Readonly<Record<'sqlstate' | 'sqlerrm', VariableDraft>> {
  const declared = (name: string): VariableDraft => {
    const variable = declareVariable(context, {
      name,
      origin: 'declared',
      type: 25,
      typmod: -1,
      constant: true,
      notNull: false,
      default: null,
      line,
    });
    const datum = context.compiled.function.datums.findIndex(
      (raw, index) => raw.kind === 'var' && raw.name === name && !context.meanings.has(index),
    );
    context.meanings.set(datum, { kind: 'variable', variable });
    return variable;
  };
  return { sqlstate: declared('sqlstate'), sqlerrm: declared('sqlerrm') };
}

/** Control flow with its steps; null: the node is none. */
export function controlStep(
  context: PlpgsqlContext,
  scope: NameScope,
  node: RawStep,
  line: number,
): Later<Step> | null {
  const label = node.text('label');
  const inside = label === null ? scope : childScope(scope, label, new Map());
  const body = (): Later<readonly Step[]> => buildSteps(context, inside, node.nodes('body'));
  switch (node.tag) {
    case 'stmt_if':
      return ifStep(context, scope, node, line);
    case 'stmt_case':
      return caseStep(context, scope, node, line);
    case 'stmt_loop': {
      const sql = stepText(context, line, /^loop$/i);
      const steps = body();
      return () => ({ kind: 'loop', label, body: steps(), line, sql });
    }
    case 'stmt_while': {
      const sql = stepText(context, line, /^while$/i);
      const condition = laterExpression(context, scope, node.expression('cond'), line);
      const steps = body();
      return () => ({ kind: 'while', label, condition: condition(), body: steps(), line, sql });
    }
    case 'stmt_exit': {
      const sql = stepText(context, line, /^(exit|continue)$/i);
      const condition = node.has('cond')
        ? laterExpression(context, scope, node.expression('cond'), line)
        : () => null;
      return () => ({ kind: 'exit', exit: node.flag('is_exit'), label, condition: condition(), line, sql });
    }
    case 'stmt_fors': {
      const sql = stepText(context, line, /^for$/i);
      const target = targetsOfNode(context, node.node('var'));
      const statement = laterStatement(
        context,
        scope,
        node.expression('query')?.query ?? '',
        line,
        recordOf(context, target),
      );
      const steps = body();
      return () => ({ kind: 'for-query', label, target, statement: statement(), body: steps(), line, sql });
    }
    case 'stmt_fori':
      return rangeStep(context, scope, node, line);
    case 'stmt_foreach_a': {
      const sql = stepText(context, line, /^foreach$/i);
      const array = laterExpression(context, scope, node.expression('expr'), line);
      const target = targetOf(context, node.number('varno'), '');
      const steps = body();
      return () => ({
        kind: 'foreach',
        label,
        target,
        slice: node.number('slice'),
        array: array(),
        body: steps(),
        line,
        sql,
      });
    }
    default:
      return null;
  }
}

function ifStep(context: PlpgsqlContext, scope: NameScope, node: RawStep, line: number): Later<Step> {
  stepText(context, line, /^if$/i);
  const arm = (each: RawStep, steps: string, at: number) => {
    const condition = laterExpression(context, scope, each.expression('cond'), at);
    return { condition, then: buildSteps(context, scope, each.nodes(steps)), line: at };
  };
  const branches = [
    arm(node, 'then_body', line),
    ...node.nodes('elsif_list').map((each) => arm(each, 'stmts', each.number('lineno'))),
  ];
  const otherwise = node.has('else_body') ? buildSteps(context, scope, node.nodes('else_body')) : () => null;
  return () => ({
    kind: 'if',
    branches: branches.map((branch) => ({
      condition: branch.condition(),
      then: branch.then(),
      line: branch.line,
    })),
    otherwise: otherwise(),
    line,
  });
}

/** With a subject the compiler writes each WHEN as `"__Case__Variable_n__" IN (…)`. */
function caseStep(context: PlpgsqlContext, scope: NameScope, node: RawStep, line: number): Later<Step> {
  stepText(context, line, /^case$/i);
  const subject = node.has('t_expr')
    ? laterExpression(context, scope, node.expression('t_expr'), line)
    : () => null;
  const branches = node.nodes('case_when_list').map((when) => {
    const at = when.number('lineno');
    const text = when.expression('expr')?.query ?? '';
    const list = /^"__Case__Variable_\d+__" IN \(([\s\S]*)\)$/.exec(text)?.[1];
    return {
      values: laterExpressions(context, scope, list ?? text, at),
      then: buildSteps(context, scope, when.nodes('stmts')),
      line: at,
    };
  });
  const otherwise = node.flag('have_else')
    ? buildSteps(context, scope, node.nodes('else_stmts'))
    : () => null;
  return () => ({
    kind: 'case',
    subject: subject(),
    branches: branches.map((branch) => ({ values: branch.values(), then: branch.then(), line: branch.line })),
    otherwise: otherwise(),
    line,
  });
}

function rangeStep(context: PlpgsqlContext, scope: NameScope, node: RawStep, line: number): Later<Step> {
  const sql = stepText(context, line, /^for$/i);
  const label = node.text('label');
  const name = node.node('var')?.text('refname') ?? '';
  const variable = declareVariable(context, {
    name,
    origin: 'loop',
    type: 23,
    typmod: -1,
    constant: false,
    notNull: false,
    default: null,
    line,
  });
  const datum = context.compiled.function.datums.findIndex(
    (raw, index) =>
      raw.kind === 'var' &&
      raw.name === name &&
      raw.line === (node.node('var')?.number('lineno') ?? 0) &&
      !context.meanings.has(index),
  );
  context.meanings.set(datum, { kind: 'variable', variable });
  const [from, to] = ['lower', 'upper'].map((bound) =>
    laterExpression(context, scope, node.expression(bound), line),
  );
  const by = node.has('step') ? laterExpression(context, scope, node.expression('step'), line) : () => null;
  const inside = childScope(scope, label, new Map([[name, { kind: 'variable', variable }]]));
  const body = buildSteps(context, inside, node.nodes('body'));
  const none = { kind: 'null', type: null } as const;
  return () => ({
    kind: 'for-range',
    label,
    variable: variable.id,
    from: from?.() ?? none,
    to: to?.() ?? none,
    by: by(),
    reverse: node.flag('reverse'),
    body: body(),
    line,
    sql,
  });
}
