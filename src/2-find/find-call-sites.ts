/**
 * One file's text to the places that name a routine of the database, by syntax alone. What is sent in a known
 * way comes first; SQL that is left over (an exported constant, an unknown sender, a fragment) is told too.
 */
import path from 'node:path';
import { ts } from 'ts-morph';
import { MigrateError } from '../errors.js';
import type { CallSite } from './call-site.js';
import { findLeftOverSql } from './find-left-over-sql.js';
import { findRpcCalls, findWrapperCall } from './find-rpc-site.js';
import { findWrappers, type RpcWrapper } from './find-wrappers.js';
import { type FoundSite, sitesOfSql, type SqlReadings } from './find-statement-sites.js';
import { readSendingTag } from './read-sending-tag.js';
import { readSender, type SentSql } from './sql-sender.js';
import type { RoutineNames } from './scan-names.js';

/**
 * `path` is absolute, `text` without a BOM, `root` the folder that ids start from. In source order.
 * Throws `MigrateError` (`file-syntax`) for a file that holds calls and does not parse.
 */
export function findCallSites(
  source: { readonly path: string; readonly text: string },
  names: RoutineNames,
  root: string,
  wrappers: readonly RpcWrapper[] = [],
): readonly CallSite[] {
  const file = ts.createSourceFile(source.path, source.text, withoutComments, true);
  const readings: SqlReadings = { names, literals: new Set(), references: new Set() };
  const found: FoundSite[] = [];
  // A tag that is not awaited on the spot may be a piece of another one, which is read first.
  const later: SentSql[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(...sitesOfCall(node, readings, source.text, wrappers));
    if (ts.isTaggedTemplateExpression(node) && !readings.literals.has(node)) {
      const sent = readSendingTag(node);
      if (sent !== null && !sent.awaited) later.push(sent);
      else if (sent !== null) found.push(...(sitesOfSql(sent, readings) ?? []));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const sent of later)
    if (!readings.literals.has(sent.node)) found.push(...(sitesOfSql(sent, readings) ?? []));
  found.push(...findLeftOverSql(file, readings));
  if (found.length > 0) refuseBrokenSyntax(file, path.relative(root, source.path));
  return withIds(found, file, source.path, root);
}

/** Functions of a file that pass names on to `.rpc()`. */
export function wrappersIn(source: { readonly path: string; readonly text: string }): readonly RpcWrapper[] {
  return findWrappers(ts.createSourceFile(source.path, source.text, withoutComments, true));
}

/** Nothing is read from JSDoc, which makes a third of some files. */
const withoutComments: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.Latest,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
};

/** TypeScript's parser goes on after an error, but what it made of the rest cannot be edited safely. */
function refuseBrokenSyntax(file: ts.SourceFile & WithDiagnostics, name: string): void {
  const error = file.parseDiagnostics?.[0];
  if (error === undefined) return;
  const { line, character } = file.getLineAndCharacterOfPosition(error.start);
  throw new MigrateError(
    'file-syntax',
    `${name}:${String(line + 1)}:${String(character + 1)} does not parse`,
    {
      detail: ts.flattenDiagnosticMessageText(error.messageText, '\n'),
      hint: 'Correct the file, or leave it out of the paths.',
    },
  );
}

/** The compiler keeps these on the tree without declaring them. */
interface WithDiagnostics {
  readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
}

function sitesOfCall(
  node: ts.CallExpression,
  readings: SqlReadings,
  text: string,
  wrappers: readonly RpcWrapper[],
): readonly FoundSite[] {
  const through = wrappers.length === 0 ? null : findWrapperCall(node, readings.names, wrappers);
  const requests = findRpcCalls(node, readings.names, text) ?? (through === null ? null : [through]);
  if (requests !== null)
    return requests.map((rpc) => ({ ...rpc, node, kind: 'rpc', statement: null, call: null }));
  const sent = readSender(node);
  return sent === null ? [] : (sitesOfSql(sent, readings) ?? []);
}

/** The second routine of one place gets `#2`, and so on. */
function withIds(
  found: readonly FoundSite[],
  file: ts.SourceFile,
  filePath: string,
  root: string,
): readonly CallSite[] {
  const relative = path.relative(root, filePath).split(path.sep).join('/');
  const counts = new Map<string, number>();
  return found
    .map((site, order) => ({ site, order, start: site.node.getStart() }))
    .sort((a, b) => a.start - b.start || a.order - b.order)
    .map(({ site: { node, ...site }, start }) => {
      const place = file.getLineAndCharacterOfPosition(start);
      const [line, column] = [place.line + 1, place.character + 1];
      const base = `${relative}:${String(line)}:${String(column)}`;
      const count = (counts.get(base) ?? 0) + 1;
      counts.set(base, count);
      const id = count === 1 ? base : `${base}#${String(count)}`;
      return { ...site, id, file: filePath, line, column, span: { start, end: node.end } };
    });
}
