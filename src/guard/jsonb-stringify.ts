/** A jsonb column gets the text of JSON.stringify, which is encoded a second time. */
import { ts } from 'ts-morph';
import { wrapped } from '../source/nodes.js';
import type { Problem, Rule } from './finding.js';
import { columnOf } from './facts/builder.js';
import { clientOf } from './facts/clients.js';
import { nodesOf, type ProgramFacts } from './facts/program-facts.js';
import { constantOf, sqlTextOf } from './facts/sql-text.js';

export const jsonbStringify: Rule = {
  id: 'jsonb-stringify',
  severity: 'error',
  title: 'A jsonb value is encoded twice',
  *check({ file, facts }): Iterable<Problem> {
    for (const call of nodesOf(facts, file).calls) {
      if (call.expression.getText() === 'JSON.stringify' && isColumnValue(facts, call))
        yield { node: call, message, help };
    }
    for (const tag of nodesOf(facts, file).tags) {
      if (clientOf(facts, tag.tag)?.startsWith('postgres') !== true) continue;
      const built = sqlTextOf(facts, tag);
      for (const hole of built?.holes ?? []) {
        const value = constantOf(facts, hole.node) ?? hole.node;
        if (hole.kind !== 'value' || !/^\s*JSON\.stringify\s*\(/.test(value.getText())) continue;
        if (/^\s*::\s*jsonb?\b/i.test(built?.text.slice(hole.end) ?? ''))
          yield { node: hole.node, message: messageOfTag, help: helpOfTag };
      }
    }
  },
};

function isColumnValue(facts: ProgramFacts, call: ts.CallExpression): boolean {
  let value = wrapped(call);
  while (ts.isConditionalExpression(value.parent) && value.parent.condition !== value)
    value = wrapped(value.parent);
  const { parent } = value;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name))
    return variableIsValue(facts, parent.name);
  return ts.isPropertyAssignment(parent) && parent.initializer === value && isJson(facts, parent);
}

function variableIsValue(facts: ProgramFacts, name: ts.Identifier): boolean {
  const scope = ts.findAncestor(name, (one) => ts.isBlock(one) || ts.isSourceFile(one));
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node) && node.name.text === name.text && isJson(facts, node))
      found = true;
    if (ts.isPropertyAssignment(node) && node.initializer.getText() === name.text && isJson(facts, node))
      found = true;
    ts.forEachChild(node, visit);
  };
  if (scope !== undefined) visit(scope);
  return found;
}

function isJson(facts: ProgramFacts, property: ts.ObjectLiteralElementLike): boolean {
  const column = columnOf(facts, property);
  return column !== null && /^PgJsonb?$/.test(column.columnType);
}

const message =
  'Drizzle encodes the value of a jsonb column itself: the text is encoded a second time, and the column holds a JSON string instead of an object, so that `->>` gives NULL.';
const help = 'Give the value itself, without JSON.stringify.';
const messageOfTag =
  'postgres.js encodes a parameter that is cast to jsonb itself: the text is encoded a second time, and the column holds a JSON string instead of an object.';
const helpOfTag =
  'Write `${sql.json(value)}`, or cast by way of text: `${JSON.stringify(value)}::text::jsonb`.';
