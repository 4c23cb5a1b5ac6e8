/** The arguments of a call inside a larger statement, with what they mention. */
import type { FuncCall, Node } from 'libpg-query';
import type { EmbeddedArgument } from './embedded-call.js';
import { readArguments } from './read-arguments.js';
import type { SqlToken } from './scan-sql.js';
import type { FunctionMention } from './statement-reading.js';
import { mentionOf, visit } from './tree-mentions.js';

export interface SqlReading {
  readonly text: string;
  readonly tokens: readonly SqlToken[];
  readonly toCharacter: (byteOffset: number) => number;
}

/** Null when tree and tokens do not fit together. `offset` is where the routine's name starts. */
export function embeddedArguments(
  call: FuncCall,
  offset: number,
  { text, tokens, toCharacter }: SqlReading,
): readonly EmbeddedArgument[] | null {
  const list = readArguments(text, tokens, call, { offset, toCharacter });
  return (
    list?.map((argument, index): EmbeddedArgument => {
      const node = call.args?.[index];
      return { ...argument, ...argumentFacts(node, toCharacter) };
    }) ?? null
  );
}

function argumentFacts(
  node: Node | undefined,
  toCharacter: (byteOffset: number) => number,
): Pick<EmbeddedArgument, 'atomic' | 'bareNames' | 'columns' | 'functions' | 'ownFunctions' | 'subquery'> {
  const bareNames: string[] = [];
  const columns: { table: string; column: string }[] = [];
  const functions: FunctionMention[] = [];
  const nested = new Set<number>();
  let subquery = false;
  visit([node], (kind, value) => {
    if (kind === 'SubLink') {
      subquery = true;
      visit(value, (inner, call) => {
        if (inner === 'FuncCall') nested.add(mentionOf(call, toCharacter).offset);
      });
    }
    if (kind === 'FuncCall') functions.push(mentionOf(value, toCharacter));
    if (kind !== 'ColumnRef' || !('fields' in value) || !Array.isArray(value.fields)) return;
    const names = namesIn(value.fields);
    const [table, column] = names.slice(-2);
    if (names.length === 1 || table === undefined || column === undefined) bareNames.push(names[0] ?? '*');
    else columns.push({ table, column });
  });
  const ownFunctions = functions.filter(({ offset }) => !nested.has(offset));
  return { atomic: isAtomic(node), bareNames, columns, functions, ownFunctions, subquery };
}

export function namesIn(fields: readonly unknown[]): readonly string[] {
  return fields.map((field) => {
    const node = field as Node;
    return 'String' in node ? (node.String.sval ?? '') : '*';
  });
}

function isAtomic(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ('TypeCast' in node) return isAtomic(node.TypeCast.arg);
  if ('NamedArgExpr' in node) return isAtomic(node.NamedArgExpr.arg);
  return 'ColumnRef' in node || 'ParamRef' in node || 'A_Const' in node;
}
