/**
 * EXECUTE of a constant text, which is the statement that it says (PostgreSQL manual, 41.5.4): `$n` is the n-th of
 * USING, and no variable of the body is seen. Anything else stays dynamic.
 */
import type { RawStep } from '../sql/parse-body-plpgsql.js';
import { parseSqlText } from '../sql/parse-body.js';
import type { Step } from './body.js';
import { constantText } from './constant-text.js';
import type { Later, PlpgsqlContext } from './plpgsql-context.js';
import { stepText } from './plpgsql-context.js';
import { laterStatement } from './plpgsql-expressions.js';
import { recordOf, targetsOfNode } from './plpgsql-targets.js';
import type { Meaning, NameScope } from './plpgsql-variables.js';
import type { Statement } from './statement.js';

/** Null: the text is not constant, or EXECUTE would do what the statement by itself does not. */
export function dynamicStep(
  context: PlpgsqlContext,
  scope: NameScope,
  node: RawStep,
  line: number,
): Later<Step> | null {
  const returned = node.tag === 'stmt_return_query';
  const text = constantText(node.expression(returned ? 'dynquery' : 'query')?.query ?? '');
  const given = node.nodes('params').map((each) => meaningOf(each.asExpression()?.query ?? '', scope));
  const known = given.flatMap((meaning) => meaning ?? []);
  if (text === null || known.length < given.length || !isOneStatement(text)) return null;
  const hasInto = node.flag('into');
  const targets = hasInto ? targetsOfNode(context, node.node('target')) : [];
  // STRICT says P0003 without a hint, and a write with INTO takes the first of several rows.
  if (hasInto && (node.flag('strict') || !/^\s*(select|with)\b/i.test(text))) return null;
  const sql = stepText(context, line, returned ? /^return$/i : /^execute$/i);
  const statement = laterStatement(
    { ...context, positional: known },
    { parent: null, label: null, names: new Map() },
    text,
    line,
    hasInto ? recordOf(context, targets) : null,
  );
  return () => stepOf(statement(), returned, hasInto ? { strict: false, targets } : null, line, sql);
}

function stepOf(
  statement: Statement,
  returned: boolean,
  into: Extract<Step, { kind: 'execute-sql' }>['into'],
  line: number,
  sql: string,
): Step {
  if (returned) return { kind: 'return-query', statement, line, sql };
  return statement.kind === 'select' && into === null
    ? { kind: 'perform', statement, line, sql, dynamic: true }
    : { kind: 'execute-sql', statement, into, line, sql, dynamic: true };
}

/** A plain name or `$n`; the value of an expression would need a variable of its own. */
function meaningOf(text: string, scope: NameScope): Meaning | null {
  const name = /^\s*([a-z_][a-z0-9_]*)\s*$/i.exec(text)?.[1]?.toLowerCase();
  if (name === undefined) return null;
  for (let level: NameScope | null = scope; level; level = level.parent) {
    const meaning = level.names.get(name);
    if (meaning === undefined) continue;
    const plain =
      meaning.kind === 'parameter' || (meaning.kind === 'variable' && meaning.variable.type !== null);
    return plain ? meaning : null;
  }
  return null;
}

function isOneStatement(text: string): boolean {
  const parsed = parseSqlText(text);
  return (
    parsed.ok && parsed.statements.length === 1 && !/\binto\b/i.test(text.replace(/insert\s+into/gi, ''))
  );
}
