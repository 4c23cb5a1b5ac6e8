/** The steps of a PL/pgSQL body; dispatch, and the kinds that are not control flow. */
import type { RawStep } from '../sql/parse-body-plpgsql.js';
import type { Step } from './body.js';
import type { Expression } from './expression.js';
import { assertStep } from './plpgsql-assert.js';
import { callStep } from './plpgsql-call.js';
import { buildBlock, controlStep } from './plpgsql-control.js';
import { dynamicStep } from './plpgsql-dynamic.js';
import type { Later, PlpgsqlContext } from './plpgsql-context.js';
import { stepText } from './plpgsql-context.js';
import { assignmentTarget, laterExpression, laterStatement, withoutGap } from './plpgsql-expressions.js';
import { raiseStep } from './plpgsql-raise.js';
import { elementTarget, isElement, recordOf, targetOf, targetsOfNode } from './plpgsql-targets.js';
import type { NameScope } from './plpgsql-variables.js';
import type { Statement } from './statement.js';
import { nodeOf } from './plpgsql-variables.js';
import { utilityAsQuery } from './utility-as-query.js';

export function buildSteps(
  context: PlpgsqlContext,
  scope: NameScope,
  nodes: readonly RawStep[],
): Later<readonly Step[]> {
  // The compiler adds a last RETURN without a line.
  const steps = nodes
    .filter((node) => node.tag !== 'stmt_return' || node.number('lineno') > 0)
    .map((node) => buildStep(context, scope, node));
  return () => steps.map((step) => step());
}

const UNSUPPORTED: Readonly<Record<string, readonly [string, RegExp]>> = {
  stmt_dynexecute: ['EXECUTE', /^execute$/i],
  stmt_dynfors: ['FOR … IN EXECUTE', /^for$/i],
  stmt_forc: ['FOR … IN cursor', /^for$/i],
  stmt_open: ['OPEN', /^open$/i],
  stmt_fetch: ['FETCH', /^(fetch|move)$/i],
  stmt_close: ['CLOSE', /^close$/i],
  stmt_commit: ['COMMIT', /^commit$/i],
  stmt_rollback: ['ROLLBACK', /^rollback$/i],
  stmt_call: ['CALL', /^(call|do)$/i],
};

function buildStep(context: PlpgsqlContext, scope: NameScope, node: RawStep): Later<Step> {
  const line = node.number('lineno');
  switch (node.tag) {
    case 'stmt_block':
      return buildBlock(context, scope, node);
    case 'stmt_assign':
      return assignStep(context, scope, node, line);
    case 'stmt_execsql':
      return executeStep(context, scope, node, line);
    case 'stmt_perform': {
      const sql = stepText(context, line, /^perform$/i);
      const statement = laterStatement(context, scope, node.expression('expr')?.query ?? '', line);
      return () => ({ kind: 'perform', statement: statement(), line, sql });
    }
    case 'stmt_return': {
      const sql = stepText(context, line, /^return$/i);
      const value = returnedValue(context, scope, node, line);
      return () => ({ kind: 'return', value: value(), line, sql });
    }
    case 'stmt_return_next': {
      const sql = stepText(context, line, /^return$/i);
      const value = returnedValue(context, scope, node, line);
      return () => ({ kind: 'return-next', value: value(), line, sql });
    }
    case 'stmt_return_query': {
      const dynamic = node.has('dynquery') ? dynamicStep(context, scope, node, line) : null;
      if (dynamic !== null) return dynamic;
      const sql = stepText(context, line, /^return$/i);
      const query = node.expression('query');
      if (!query) return () => ({ kind: 'unsupported-step', construct: 'RETURN QUERY EXECUTE', line, sql });
      const statement = laterStatement(context, scope, query.query, line);
      return () => ({ kind: 'return-query', statement: statement(), line, sql });
    }
    case 'stmt_dynexecute':
      return dynamicStep(context, scope, node, line) ?? unsupportedStep(context, node, line);
    case 'stmt_raise':
      return raiseStep(context, scope, node, line);
    case 'stmt_assert':
      return assertStep(context, scope, node, line);
    case 'stmt_call':
      return callStep(context, scope, node, line) ?? unsupportedStep(context, node, line);
    case 'stmt_getdiag': {
      const sql = stepText(context, line, /^get$/i);
      const items = node.nodes('diag_items').map((item) => ({
        item: item.text('kind') ?? '',
        target: targetOf(context, item.number('target'), ''),
      }));
      return () => ({ kind: 'get-diagnostics', stacked: node.flag('is_stacked'), items, line, sql });
    }
    default:
      return controlStep(context, scope, node, line) ?? unsupportedStep(context, node, line);
  }
}

function unsupportedStep(context: PlpgsqlContext, node: RawStep, line: number): Later<Step> {
  const [name, keyword] = UNSUPPORTED[node.tag] ?? [node.tag.replace(/^stmt_/, '').toUpperCase(), /./];
  const sql = stepText(context, line, keyword);
  const construct =
    name === 'FETCH' && node.flag('is_move')
      ? 'MOVE'
      : name === 'CALL' && !node.flag('is_call')
        ? 'DO'
        : name;
  return () => ({ kind: 'unsupported-step', construct, line, sql });
}

function assignStep(context: PlpgsqlContext, scope: NameScope, node: RawStep, line: number): Later<Step> {
  const raw = node.expression('expr');
  const sql = raw?.query ?? '';
  const written = assignmentTarget(sql);
  const plain = targetOf(context, node.number('varno'), written);
  const part = isElement(written) ? laterExpression(context, scope, { query: written, mode: 2 }, line) : null;
  const value = laterExpression(context, scope, raw, line);
  return () => {
    const target = part === null ? plain : (elementTarget(part()) ?? plain);
    return { kind: 'assign', target, value: value(), line, sql };
  };
}

function executeStep(context: PlpgsqlContext, scope: NameScope, node: RawStep, line: number): Later<Step> {
  const written = node.expression('sqlstmt')?.query ?? '';
  const hasInto = node.flag('into');
  const query = hasInto ? null : utilityAsQuery(written, context.routine);
  if (query !== null) {
    const statement = laterStatement(context, scope, query, line);
    return () => ({
      kind: 'perform',
      statement: statement(),
      line,
      sql: written,
      dynamic: true,
      utility: true,
    });
  }
  const sql = hasInto ? withoutGap(written) : written;
  const into = hasInto
    ? { strict: node.flag('strict'), targets: targetsOfNode(context, node.node('target')) }
    : null;
  const statement = laterStatement(context, scope, sql, line, into ? recordOf(context, into.targets) : null);
  if (!into && givesRows(statement())) {
    context.refusals.push({
      id: 'body-parse-error',
      detail: 'query has no destination for result data (42601)',
      line,
    });
  }
  return () => ({ kind: 'execute-sql', statement: statement(), into, line, sql });
}

function givesRows(statement: Statement): boolean {
  if (statement.kind === 'unsupported-statement') return false;
  return statement.kind === 'select' || statement.returning.length > 0;
}

/** RETURN of a plain variable names its datum; of the OUT row, or of nothing, there is no value. */
function returnedValue(
  context: PlpgsqlContext,
  scope: NameScope,
  node: RawStep,
  line: number,
): Later<Expression | null> {
  const raw = node.expression('expr');
  if (raw) return laterExpression(context, scope, raw, line);
  if (!node.has('retvarno')) return () => null;
  const datum = node.number('retvarno');
  const meaning = context.meanings.get(datum);
  const returned = context.compiled.function.datums[datum];
  if (returned?.kind === 'row') return () => null;
  if (!meaning)
    return () => ({
      kind: 'unsupported',
      construct: (returned?.name ?? '').toUpperCase(),
      sql: returned?.name ?? '',
      type: null,
    });
  return () => nodeOf(meaning, [], context.routine, context.lookup);
}
