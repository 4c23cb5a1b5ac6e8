/** `const { data, error } = await request; if (error) throw error;`: what becomes of it when the request rejects itself. */
import { ts } from 'ts-morph';
import { declaredName } from './followed-result.js';
import type { TextEdit } from './result-use.js';

export interface FoldedRethrow {
  /** The pattern becomes the name of the data, and the test goes. */
  readonly edits: readonly TextEdit[];
  readonly unread: boolean;
  readonly declares: string | null;
}

/**
 * Null where the error is used otherwise, or where a `catch` round it asks what class it is: the old one was a
 * plain object. `rejects`: the request throws by itself (`throwOnError`), so that nothing tests its error.
 */
export function foldRethrow(
  checker: ts.TypeChecker,
  awaited: ts.AwaitExpression,
  rejects: boolean,
): FoldedRethrow | null {
  const declaration = awaited.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isObjectBindingPattern(declaration.name)) return null;
  const statement = declaration.parent.parent;
  if (!ts.isVariableStatement(statement) || declaration.type) return null;
  if (statement.declarationList.declarations.length > 1) return null;
  const fields = fieldsOf(declaration.name);
  if (fields === null) return null;
  const { data, error } = fields;
  const edits: TextEdit[] = [];
  if (error !== null) {
    const test = rejects ? null : rethrowAfter(statement, error);
    const uses = mentions(checker, error);
    if (rejects ? uses > 1 : test === null || uses !== 3) return null;
    if (!rejects && testedClasses(statement).length > 0) return null;
    if (test !== null) edits.push({ start: statement.end, end: test.end, text: '' });
  } else if (!rejects) return null;
  const start = data === null ? statement.getStart() : declaration.name.getStart();
  const end = data === null ? awaited.getStart() : declaration.name.end;
  edits.unshift({ start, end, text: data === null ? '' : data.getText() });
  return { edits, unread: data === null, declares: data === null ? null : declaredName(data) };
}

/** Null for anything but `data` and `error`, without defaults. */
function fieldsOf(
  pattern: ts.ObjectBindingPattern,
): { readonly data: ts.BindingName | null; readonly error: ts.Identifier | null } | null {
  let data: ts.BindingName | null = null;
  let error: ts.Identifier | null = null;
  for (const element of pattern.elements) {
    const key = (element.propertyName ?? element.name).getText();
    if (element.dotDotDotToken || element.initializer) return null;
    if (key === 'data') data = element.name;
    else if (key === 'error' && ts.isIdentifier(element.name)) error = element.name;
    else return null;
  }
  return { data, error };
}

/** `if (error) throw error;` as the very next statement, with no comment before it. */
function rethrowAfter(statement: ts.VariableStatement, error: ts.Identifier): ts.IfStatement | null {
  const { parent } = statement;
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isCaseOrDefaultClause(parent)) return null;
  const next = parent.statements[parent.statements.indexOf(statement) + 1];
  if (next === undefined || !ts.isIfStatement(next) || next.elseStatement) return null;
  if (next.expression.getText() !== error.text) return null;
  if (/\S/.test(next.getSourceFile().text.slice(statement.end, next.getStart()))) return null;
  const body = ts.isBlock(next.thenStatement) ? next.thenStatement.statements : [next.thenStatement];
  const [only, other] = body;
  if (only === undefined || other !== undefined || !ts.isThrowStatement(only)) return null;
  if (/\/[/*]/.test(next.getText())) return null;
  return only.expression.getText() === error.text ? next : null;
}

/** Occurrences of the name that mean this variable, its declaration included. */
function mentions(checker: ts.TypeChecker, name: ts.Identifier): number {
  const symbol = checker.getSymbolAtLocation(name);
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name.text) {
      const meant = ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      if (meant === symbol) count += 1;
    }
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  return count;
}

/** What the `catch` clauses round a node, in its function, ask with `instanceof`: the text on its right. */
export function testedClasses(inner: ts.Node): readonly string[] {
  const found: string[] = [];
  for (let node = inner; !ts.isFunctionLike(node) && node.parent; node = node.parent) {
    const { parent } = node;
    if (!ts.isTryStatement(parent) || parent.tryBlock !== node) continue;
    const text = parent.catchClause?.getText() ?? '';
    found.push(...[...text.matchAll(/\binstanceof\s+([\w$.]+)/g)].map(([, name = '']) => name));
  }
  return found;
}
