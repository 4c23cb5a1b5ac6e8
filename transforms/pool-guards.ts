/**
 * A pg Pool gets the limit, the timeout and the listeners that it lacks. The limit is the driver's own default, written
 * out; the timeout makes an error of what waited for ever.
 */
import j, {
  type API,
  type ASTNode,
  type ASTPath,
  type FileInfo,
  type NewExpression,
  type Options,
} from 'jscodeshift';
import { insert, type Edit, openSource, rangeOf, replace, type Source } from './shared/open-source.ts';
import { indentAt, indentUnit } from './shared/layout.ts';
import { bare, importsOf, methodCall, parentOf, standingOf } from './shared/syntax.ts';

const defaults: Readonly<Record<string, string>> = { max: '10', connectionTimeoutMillis: '5_000' };

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  const pg = importsOf(source.root, /^pg(?:-pool)?$/);
  for (const path of source.root.find(j.NewExpression).paths()) {
    if (isPool(path.node.callee, pg) && source.asked(path.node) !== null) mend(source, path);
  }
  return source.result();
}

function isPool(callee: ASTNode, pg: ReadonlyMap<string, string>): boolean {
  if (j.Identifier.check(callee))
    return pg.get(callee.name) === 'Pool' || (pg.has(callee.name) && callee.name === 'Pool');
  return (
    j.MemberExpression.check(callee) &&
    j.Identifier.check(callee.object) &&
    pg.has(callee.object.name) &&
    j.Identifier.check(callee.property) &&
    callee.property.name === 'Pool'
  );
}

function mend(source: Source, path: ASTPath<NewExpression>): void {
  const settings = missingSettings(source, path.node);
  const listeners = missingListeners(source, path);
  if (typeof settings === 'string') source.leave(path.node, settings);
  if (typeof listeners === 'string') source.leave(path.node, listeners);
  const edits = [settings, listeners].flatMap((one) => (typeof one === 'string' ? [] : one));
  if (edits.length > 0) source.change(path.node, edits);
}

function missingSettings(source: Source, node: NewExpression): readonly Edit[] | string {
  const [options] = node.arguments;
  if (options === undefined) {
    const written = Object.entries(defaults).map(([name, value]) => `${name}: ${value}`);
    return [replace(node, `new ${source.textOf(node.callee)}({ ${written.join(', ')} })`)];
  }
  if (!j.ObjectExpression.check(options)) return 'its options are made elsewhere';
  const { properties } = options;
  const present = new Set(
    properties.map((one) =>
      j.ObjectProperty.check(one) && j.Identifier.check(one.key) ? one.key.name : '…',
    ),
  );
  const missing = Object.keys(defaults).filter((name) => !present.has(name));
  if (missing.length === 0) return [];
  if (present.has('…')) return 'some of its options are made elsewhere';
  const last = properties[properties.length - 1];
  const { start, end } = rangeOf(options);
  const written = missing.map((name) => `${name}: ${defaults[name] ?? ''}`);
  if (last === undefined) return [replace(options, `{ ${written.join(', ')} }`)];
  if (!source.text.slice(start, end).includes('\n'))
    return [insert(rangeOf(last).end, `, ${written.join(', ')}`)];
  const indent = indentAt(source, rangeOf(last).start);
  const after = rangeOf(last).end;
  return [insert(after, written.map((one) => `,${source.eol}${indent}${one}`).join(''))];
}

function missingListeners(source: Source, path: ASTPath<NewExpression>): readonly Edit[] | string {
  const declarator = parentOf(path)?.node;
  const standing = standingOf(path);
  if (!j.VariableDeclarator.check(declarator) || !j.Identifier.check(declarator.id) || standing === null)
    return 'the pool has no name here that listeners could be added to';
  const { name } = declarator.id;
  const heard = new Set<string>();
  for (const { node } of source.root.find(j.CallExpression).paths()) {
    let call = methodCall(node);
    const events: string[] = [];
    for (
      ;
      call !== null && /^(?:on|once|addListener)$/.test(call.name);
      call = methodCall(bare(call.object))
    ) {
      const [event, listener] = call.args;
      if (j.StringLiteral.check(event) && (event.value !== 'connect' || listens(source, listener)))
        events.push(event.value);
      if (j.Identifier.check(call.object) && call.object.name === name)
        events.forEach((one) => heard.add(one));
    }
    if (
      node.arguments.some((one) => j.Identifier.check(one) && one.name === name) &&
      !isDrizzle(source, node.callee as ASTNode)
    )
      return `\`${source.textOf(node.callee as ASTNode)}\` gets the pool and may add listeners`;
  }
  const indent = indentAt(source, rangeOf(standing.path.node).start);
  const unit = indentUnit(source, indent);
  const line = source.eol + indent;
  const written = [
    ...(heard.has('error')
      ? []
      : [`${name}.on('error', (error) => console.error('An idle database client failed', error));`]),
    ...(heard.has('connect')
      ? []
      : [
          `${name}.on('connect', (client) => {${line}${unit}client.on('error', (error) => console.error('A database client failed', error));${line}});`,
        ]),
  ];
  return written.length === 0
    ? []
    : [insert(rangeOf(standing.path.node).end, written.map((one) => line + one).join(''))];
}

/** Whether a listener for `connect` listens to the client itself. */
function listens(source: Source, listener: ASTNode | undefined): boolean {
  return (
    listener !== undefined &&
    (/\.on\(\s*['"]error['"]/.test(source.textOf(listener)) || j.Identifier.check(listener))
  );
}

function isDrizzle(source: Source, callee: ASTNode): boolean {
  return j.Identifier.check(callee) && importsOf(source.root, /^drizzle-orm\//).has(callee.name);
}
