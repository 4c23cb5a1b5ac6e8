/** The row type that a call names: `db.execute<Job>(…)`. */
import { ts } from 'ts-morph';

export interface DeclaredRow {
  /** The type as written, on one line. */
  readonly text: string;
  /** Type of each column; null for a type that goes by a name, whose columns are `Job['payload']`. */
  readonly columns: Readonly<Record<string, string>> | null;
}

/** Null where none is named, or where its columns cannot be told apart by syntax. */
export function declaredRow(call: ts.Expression): DeclaredRow | null {
  if (!ts.isCallExpression(call) || call.typeArguments?.length !== 1) return null;
  const [type] = call.typeArguments;
  if (type === undefined) return null;
  if (ts.isTypeReferenceNode(type)) return { text: oneLine(type), columns: null };
  if (!ts.isTypeLiteralNode(type)) return null;
  const columns: Record<string, string> = {};
  for (const member of type.members) {
    if (!ts.isPropertySignature(member) || !member.type || member.questionToken) return null;
    if (!ts.isIdentifier(member.name) && !ts.isStringLiteral(member.name)) return null;
    columns[member.name.text] = oneLine(member.type);
  }
  return { text: oneLine(type), columns };
}

function oneLine(node: ts.Node): string {
  return node.getText().replace(/\s*\n\s*/g, ' ');
}
