/**
 * BEGIN and COMMIT that are sent through a pool become one transaction: `db.transaction`, `sql.begin`, or one client
 * checked out of the pool. Both must stand in one block, with nothing between that leaves it.
 */
import j, { type API, type ASTNode, type ASTPath, type FileInfo, type Options } from 'jscodeshift';
import { clientAt, clientsIn, drizzleTag, fixedText, type Client } from './shared/clients.ts';
import { indentAt, indentLines, indentUnit } from './shared/layout.ts';
import { type Edit, openSource, rangeOf, type Source } from './shared/open-source.ts';
import {
  bare,
  canAwait,
  declaredIn,
  functionAround,
  isReference,
  methodCall,
  standingOf,
  usesOf,
} from './shared/syntax.ts';

interface Sent {
  readonly client: ASTNode;
  readonly kind: Client;
  readonly text: string;
}

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  const clients = clientsIn(source);
  for (const path of source.root.find(j.AwaitExpression).paths()) {
    if (path.node.argument === null || source.asked(path.node.argument) === null) continue;
    const sent = sentBy(source, path.node.argument, clients);
    if (sent !== null && /^\s*(?:begin|start\s+transaction)\b/i.test(sent.text))
      mend(source, path, sent, clients);
  }
  return source.result();
}

function sentBy(source: Source, node: ASTNode, clients: ReadonlyMap<string, Client>): Sent | null {
  const inner = bare(node);
  if (j.TaggedTemplateExpression.check(inner)) {
    const tag = inner.tag as ASTNode;
    const text = fixedText(inner);
    const known =
      clientAt(source, clients, tag) ??
      (source.known && source.textOf(tag) !== drizzleTag(source) ? 'postgres' : null);
    return text !== null && known === 'postgres' && isReference(tag)
      ? { client: tag, kind: known, text }
      : null;
  }
  const call = methodCall(inner);
  const text = fixedText(call?.args[0]);
  if (call === null || text === null || !isReference(call.object)) return null;
  const kind = clientAt(source, clients, call.object);
  if (
    call.name === 'execute' &&
    (source.known ||
      kind === 'drizzle' ||
      (j.TaggedTemplateExpression.check(call.args[0]) &&
        source.textOf(call.args[0].tag as ASTNode) === drizzleTag(source)))
  )
    return { client: call.object, kind: 'drizzle', text };
  if (call.name === 'query' && (source.known || kind === 'pool'))
    return { client: call.object, kind: 'pool', text };
  if (call.name === 'unsafe' && (source.known || kind === 'postgres'))
    return { client: call.object, kind: 'postgres', text };
  return null;
}

function mend(source: Source, path: ASTPath, begin: Sent, clients: ReadonlyMap<string, Client>): void {
  const standing = standingOf(path);
  if (standing === null || !j.ExpressionStatement.check(standing.path.node)) return;
  const statement = standing.path.node;
  const settings = settingsOf(begin.text);
  if (settings === null) return leave('BEGIN is sent together with something else');
  const rest = (standing.block.body as readonly ASTNode[]).slice(standing.index + 1);
  const written = source.textOf(begin.client);
  const isCommand = (node: ASTNode | undefined, command: RegExp): boolean => {
    if (!j.ExpressionStatement.check(node)) return false;
    const sent = sentBy(source, node.expression, clients);
    return sent !== null && source.textOf(sent.client) === written && command.test(sent.text);
  };
  const guarded = rest.length > 0 && j.TryStatement.check(rest[0]) ? rest[0] : null;
  if (guarded !== null && !rollsBack(guarded)) return leave('its catch does more than roll back and throw');
  const body: readonly ASTNode[] = guarded?.block.body ?? rest;
  const commit = body.findIndex((node) => isCommand(node, /^\s*(?:commit|end)\b/i));
  if (commit < 0) return leave('its COMMIT is not in the same block');
  if (guarded !== null && commit < body.length - 1)
    return leave('something is done after the COMMIT, and a failure there rolls back too');
  const work = body.slice(0, commit);
  if (work.length === 0) return leave('nothing is done between BEGIN and COMMIT');
  if (work.some((node) => isRollback(node)))
    return leave('something rolls back or leaves between BEGIN and COMMIT');
  const after = guarded === null ? rest.slice(commit + 1) : rest.slice(1);
  if (declaredIn(work).some((name) => after.some((node) => usesOf(node, name).length > 0)))
    return leave('what is declared between BEGIN and COMMIT is used after it');
  if (!canAwait(path)) return;
  const uses = usesBelow(source, work, begin.client);
  const name = begin.kind === 'pool' ? 'client' : 'tx';
  const owner = functionAround(path)?.node ?? standing.block;
  if (j(owner).find(j.Identifier, { name }).length > 0) return leave(`\`${name}\` is another value there`);
  const end = rangeOf(guarded ?? (body[commit] as ASTNode)).end;
  const start = rangeOf(statement).start;
  const to = source.text.slice(0, rangeOf(body[commit] as ASTNode).start).trimEnd().length;
  source.change(statement, write(source, { begin, settings, start, end, to, work, uses, name }));

  function rollsBack(node: ASTNode): boolean {
    if (!j.TryStatement.check(node) || node.finalizer != null || node.handler == null) return false;
    const [first, second, ...more] = node.handler.body.body;
    return isCommand(first, /^\s*rollback\s*;?\s*$/i) && j.ThrowStatement.check(second) && more.length === 0;
  }
  function isRollback(node: ASTNode): boolean {
    const leaves = [j.ReturnStatement, j.BreakStatement, j.ContinueStatement].some(
      (kind) =>
        j(node)
          .find(kind as typeof j.ReturnStatement)
          .some((one) => functionAround(one) === null) || kind.check(node),
    );
    return leaves || /['"`]\s*(?:rollback|commit|savepoint)\b/i.test(source.textOf(node));
  }
  function leave(reason: string): void {
    source.leave(statement, reason);
  }
}

/** The isolation and access mode of a BEGIN, as PostgreSQL writes it; null when the text holds more. */
function settingsOf(text: string): string | null {
  const found = /^\s*(?:begin(?:\s+(?:work|transaction))?|start\s+transaction)\b([\s\w,]*);?\s*$/i.exec(text);
  const rest = found?.[1]?.trim().toLowerCase().replace(/\s+/g, ' ');
  if (rest === undefined) return null;
  return /^(?:isolation level (?:serializable|repeatable read|read committed|read uncommitted))?(?:,? ?read (?:only|write))?$/.test(
    rest,
  )
    ? rest
    : null;
}

function usesBelow(source: Source, work: readonly ASTNode[], client: ASTNode): readonly ASTNode[] {
  const written = source.textOf(client);
  const kind = j.Identifier.check(client) ? j.Identifier : j.MemberExpression;
  return work.flatMap((node) =>
    (
      j(node)
        .find(kind as typeof j.Identifier)
        .nodes() as ASTNode[]
    ).filter((one) => source.textOf(one) === written),
  );
}

interface Written {
  readonly begin: Sent;
  readonly settings: string;
  readonly start: number;
  readonly end: number;
  /** Where the work ends, with the comments after it. */
  readonly to: number;
  readonly work: readonly ASTNode[];
  readonly uses: readonly ASTNode[];
  readonly name: string;
}

function write(
  source: Source,
  { begin, settings, start, end, to, work, uses, name }: Written,
): readonly Edit[] {
  const { eol } = source;
  const indent = indentAt(source, start);
  const unit = indentUnit(source, indent);
  const client = source.textOf(begin.client);
  const from = lineStart(source, rangeOf(work[0] as ASTNode).start);
  const deeper =
    indentAt(source, rangeOf(work[0] as ASTNode).start).length === indent.length
      ? indentLines(source, from, to)
      : [];
  const inner = deeper.concat(uses.map((use) => ({ ...rangeOf(use), text: name })));
  const at = indent + unit;
  const [head, tail] =
    begin.kind === 'pool'
      ? [
          `const ${name} = await ${client}.connect();${eol}${indent}try {${eol}${at}await ${name}.query('${begin.text.trim().replace(/;$/, '')}');${eol}`,
          `${eol}${at}await ${name}.query('COMMIT');${eol}${indent}} catch (error) {${eol}${at}await ${name}.query('ROLLBACK');${eol}${at}throw error;${eol}${indent}} finally {${eol}${at}${name}.release();${eol}${indent}}`,
        ]
      : begin.kind === 'postgres'
        ? [
            `await ${client}.begin(${settings === '' ? '' : `'${settings}', `}async (${name}) => {${eol}`,
            `${eol}${indent}});`,
          ]
        : [
            `await ${client}.transaction(async (${name}) => {${eol}`,
            `${eol}${indent}}${drizzleSettings(settings)});`,
          ];
  return [{ start, end: from, text: head }, ...inner, { start: to, end, text: tail }];
}

function drizzleSettings(settings: string): string {
  const level = /isolation level (serializable|repeatable read|read committed|read uncommitted)/.exec(
    settings,
  )?.[1];
  const access = /read (?:only|write)$/.exec(settings)?.[0];
  const parts = [
    ...(level === undefined ? [] : [`isolationLevel: '${level}'`]),
    ...(access === undefined ? [] : [`accessMode: '${access}'`]),
  ];
  return parts.length === 0 ? '' : `, { ${parts.join(', ')} }`;
}

function lineStart({ text }: Source, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}
