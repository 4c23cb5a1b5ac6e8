/** SQL that nothing known sends: fragments, constants for other files, senders of other libraries. */
import { ts } from 'ts-morph';
import { assembleSql } from './assemble-sql.js';
import type { Sender, SiteRefusal } from './call-site.js';
import { findDeclaration, unwrap } from './find-constant.js';
import { type FoundSite, looksLikeStatement, sitesOfText, type SqlReadings } from './find-statement-sites.js';
import { isConcatenation, readSqlParts } from './sql-parts.js';
import { methodName } from './sql-sender.js';
import { isSqlTag } from './sql-tag.js';

/** `readings` holds what was sent; it is added to. */
export function findLeftOverSql(file: ts.SourceFile, readings: SqlReadings): readonly FoundSite[] {
  const found: FoundSite[] = [];
  const shared = sharedConstants(file, readings);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (isSqlExpression(node) && (!readings.literals.has(node) || shared.has(node))) {
      found.push(...sitesOfExpression(node, readings));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function sitesOfExpression(node: ts.Expression, readings: SqlReadings): readonly FoundSite[] {
  if (isPlainlyOther(node)) return [];
  const read = readSqlParts(node);
  if (read === null) return [];
  const sql = assembleSql(read.parts, null);
  const tagged = ts.isTaggedTemplateExpression(node);
  const statement = looksLikeStatement(sql.text);
  if (!statement && !(tagged && isSqlTag(node.tag))) return [];
  if (!tagged && isProse(node, sql.text)) return [];
  for (const literal of read.literals) readings.literals.add(literal);
  const { sender, detail } = unknownSender(node);
  const refusal: SiteRefusal = { reason: 'no-client', detail };
  return sitesOfText(sql, { sender, node, refusal }, { names: readings.names, fragment: !statement });
}

/** Text whose first word is whole and starts no statement. Most texts are such, and nothing else is read of them. */
function isPlainlyOther(node: ts.Expression): boolean {
  const start = ts.isTemplateExpression(node)
    ? node.head.text
    : ts.isStringLiteralLike(node)
      ? node.text
      : '';
  const firstWord = /^\s*[a-z]+(?=[^a-z])/i.exec(start);
  return firstWord !== null && !looksLikeStatement(start);
}

/** Constants whose text was sent here and that other places may send too: exported, or named elsewhere. */
function sharedConstants(file: ts.SourceFile, readings: SqlReadings): ReadonlySet<ts.Node> {
  const sent = new Set<ts.VariableDeclaration>();
  for (const reference of readings.references) {
    const declaration = ts.isIdentifier(reference) ? findDeclaration(reference) : null;
    if (declaration !== null) sent.add(declaration);
  }
  const shared = new Set<ts.Node>();
  const share = (declaration: ts.VariableDeclaration): void => {
    if (declaration.initializer !== undefined) shared.add(unwrap(declaration.initializer));
  };
  for (const declaration of sent) if (isExported(declaration)) share(declaration);
  const names = new Set([...sent].map((declaration) => declaration.name.getText()));
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text) && !readings.references.has(node) && isRead(node)) {
      const declaration = findDeclaration(node);
      if (declaration !== null && sent.has(declaration)) share(declaration);
    }
    ts.forEachChild(node, visit);
  };
  if (names.size > 0) visit(file);
  return shared;
}

function isExported(declaration: ts.VariableDeclaration): boolean {
  const statement = declaration.parent.parent;
  if (!ts.isVariableStatement(statement)) return false;
  return statement.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword) === true;
}

/** A use of the name's value, which a declaration, a property name or `x.name` is not. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name !== node;
  return !(ts.isPropertyAccessExpression(parent) && parent.name === node);
}

function isSqlExpression(node: ts.Node): node is ts.Expression {
  if (ts.isTaggedTemplateExpression(node)) return true;
  const literal = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  return literal || (isConcatenation(node) && !isConcatenation(node.parent));
}

/** `Call apply_payment() first` in an error or a log line, or with a capital letter, is no SQL. */
function isProse(node: ts.Expression, text: string): boolean {
  if (/^\s*[A-Z][a-z]/.test(text)) return true;
  const { parent } = node;
  if (ts.isNewExpression(parent)) return /Error$|Exception$/.test(parent.expression.getText());
  if (!ts.isCallExpression(parent)) return ts.isJsxAttribute(parent);
  return /^(?:console|log|logger|this\.log|this\.logger)\.|^(?:describe|it|test)\b/.test(
    parent.expression.getText(),
  );
}

/** The call or tag that takes the text, as a person would look for it. */
function unknownSender(node: ts.Expression): { readonly sender: Sender; readonly detail: string } {
  const none = (text: string): Sender => ({ form: 'none', receiver: null, receiverText: text });
  if (ts.isTaggedTemplateExpression(node) && methodName(node.tag)?.name.startsWith('$') === true) {
    const text = node.tag.getText();
    return { sender: none(text), detail: `sent by ${text}` };
  }
  const { parent } = node;
  const called = ts.isCallExpression(parent) && parent.arguments.some((one) => one === node);
  const text = called
    ? parent.expression.getText()
    : ts.isPropertyAccessExpression(parent)
      ? parent.getText()
      : '';
  if (text === '') return { sender: none(''), detail: 'nothing in this file is seen to send this text' };
  const short = text.length > 60 ? `…${text.slice(-40)}` : text;
  return { sender: none(short), detail: `sent by ${short}` };
}
