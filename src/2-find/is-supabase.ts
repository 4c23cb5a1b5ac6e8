/** Is an expression a client of supabase-js or postgrest-js? By its type; by its name where it has none. */
import { ts } from 'ts-morph';
import { unwrap } from './find-constant.js';

export function isSupabase(checker: ts.TypeChecker, expression: ts.Expression): boolean {
  const receiver = unwrap(expression);
  const type = checker.getNonNullableType(checker.getTypeAtLocation(receiver));
  const rpc = checker.getPropertyOfType(checker.getApparentType(type), 'rpc');
  const files = (rpc?.declarations ?? []).map((one) => one.getSourceFile().fileName);
  if (files.some((file) => declaring.test(file))) return true;
  if (isSchemaCall(receiver)) return isSupabase(checker, receiver.expression.expression);
  const name = type.getSymbol()?.name ?? '';
  if (rpc !== undefined) return /^(?:Typed)?(?:Supabase|Postgrest)\w*Client$/.test(name);
  const untyped = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  return untyped && /supabase/i.test(receiver.getText());
}

const declaring = /[\\/](?:@supabase[\\/]|postgrest-js[\\/])|(?:npm:|esm\.sh\/|jsr:)@supabase/;

function isSchemaCall(
  node: ts.Expression,
): node is ts.CallExpression & { readonly expression: ts.PropertyAccessExpression } {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'schema'
  );
}
