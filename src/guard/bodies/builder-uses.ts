/** What a builder chain does to which relation: `db.insert(orders)`, `.from(orders)`, a join. */
import type { ts } from 'ts-morph';
import { clientOf, type ClientKind } from '../facts/clients.js';
import { startOf } from '../facts/builder.js';
import { calledName, receiverOf } from '../facts/fate.js';
import type { ProgramFacts } from '../facts/program-facts.js';
import { emptyReading, type TextReading } from './read-text.js';
import type { RelationUse } from './relation-uses.js';

const verbs: Readonly<Record<string, RelationUse['use']>> = {
  insert: 'insert',
  update: 'update',
  delete: 'delete',
  from: 'select',
};

export interface BuilderUses {
  readonly reading: TextReading;
  readonly client: ClientKind;
}

/** Null when the call names no table of a database or transaction. The schema is taken for the path's first when the types do not tell it. */
export function builderUses(facts: ProgramFacts, call: ts.CallExpression): BuilderUses | null {
  const name = calledName(call) ?? '';
  const use = verbs[name] ?? (/^(?:left|right|inner|full|cross)Join$/.test(name) ? 'select' : undefined);
  const receiver = receiverOf(call);
  const [table] = call.arguments;
  if (use === undefined || receiver === null || table === undefined) return null;
  const direct = clientOf(facts, receiver);
  const start = use === 'select' ? startOf(facts, call, /^(?:select\w*|with)$/) : null;
  const owner = start === null ? null : receiverOf(start);
  const client = use === 'select' ? (owner === null ? null : clientOf(facts, owner)) : direct;
  if (client?.startsWith('drizzle') !== true) return null;
  const named = nameOfTable(facts, table);
  if (named === null) return null;
  return {
    client,
    reading: { ...emptyReading, relations: [{ ...named, use, line: 1 }] },
  };
}

/** `_.config.name` and `_.config.schema` of the table's type. */
function nameOfTable(
  facts: ProgramFacts,
  table: ts.Expression,
): { readonly schema: string | null; readonly name: string } | null {
  const read = (type: ts.Type, key: string): ts.Type | undefined => {
    const symbol = type.getProperty(key);
    return symbol === undefined ? undefined : facts.checker.getTypeOfSymbolAtLocation(symbol, table);
  };
  const inner = read(facts.checker.getTypeAtLocation(table), '_');
  const name = inner === undefined ? undefined : read(inner, 'name');
  const schema = inner === undefined ? undefined : read(inner, 'schema');
  if (name?.isStringLiteral() !== true) return null;
  return { schema: schema?.isStringLiteral() === true ? schema.value : null, name: name.value };
}
