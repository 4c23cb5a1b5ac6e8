/** Where pools and clients are made, with which options, and which server their URL names. */
import { ts } from 'ts-morph';
import { unwrap } from '../../source/nodes.js';
import { clientOfType, type ClientKind } from './clients.js';
import { isExportOf, symbolOf } from './packages.js';
import { nodesOf, remember, type ProgramFacts } from './program-facts.js';
import { property } from './senders.js';
import { constantOf } from './sql-text.js';

export interface Construction {
  readonly node: ts.NewExpression | ts.CallExpression;
  /** pg-pool: `new Pool` · postgres: `postgres(…)` · drizzle: `drizzle(url)`, which makes a pool of its own. */
  readonly kind: 'pg-pool' | 'pg-client' | 'postgres' | 'drizzle';
  /** Where options stand; null when there are none, `unseen` when they are made where nobody can see. */
  readonly options: ts.ObjectLiteralExpression | 'unseen' | null;
  readonly url: ts.Expression | null;
}

export function constructionsIn(facts: ProgramFacts, file: ts.SourceFile): readonly Construction[] {
  const { news, calls } = nodesOf(facts, file);
  return [...news, ...calls].flatMap((node) => constructionOf(facts, node) ?? []);
}

export function constructionOf(
  facts: ProgramFacts,
  node: ts.NewExpression | ts.CallExpression,
): Construction | null {
  return remember(facts, 'construction', node, () => read(facts, node));
}

function read(facts: ProgramFacts, node: ts.NewExpression | ts.CallExpression): Construction | null {
  const [first, second] = node.arguments ?? [];
  if (ts.isNewExpression(node)) {
    const kind = clientOfType(facts, facts.checker.getTypeAtLocation(node));
    if (kind !== 'pg-pool' && kind !== 'pg-client') return null;
    const options = optionsOf(facts, first);
    return { node, kind, options, url: urlIn(facts, options, first) };
  }
  if (isExportOf(facts, node.expression, 'default', /^postgres$/) || isPostgres(facts, node)) {
    const options = optionsOf(facts, second ?? (isObject(first) ? first : undefined));
    return {
      node,
      kind: 'postgres',
      options,
      url: isObject(first) ? urlIn(facts, options, first) : (first ?? null),
    };
  }
  if (!isExportOf(facts, node.expression, 'drizzle', /^drizzle-orm$/) || first === undefined) return null;
  const connection = connectionOf(facts, first);
  if (connection === null) return null;
  const options = isObject(connection) ? optionsOf(facts, connection) : null;
  return {
    node,
    kind: 'drizzle',
    options,
    url: options === null ? connection : urlIn(facts, options, connection),
  };
}

function isPostgres(facts: ProgramFacts, node: ts.CallExpression): boolean {
  if (!ts.isIdentifier(unwrap(node.expression))) return false;
  // Where the name comes from is asked first: what a call gives costs far more to find out.
  const declarations = symbolOf(facts, unwrap(node.expression))?.declarations ?? [];
  return (
    declarations.some((one) => /\/node_modules\/postgres\//.test(one.getSourceFile().fileName)) &&
    clientOfType(facts, facts.checker.getTypeAtLocation(node)) === 'postgres'
  );
}

/** What `drizzle(…)` is told to connect to, or null when it is given a client. */
function connectionOf(facts: ProgramFacts, first: ts.Expression): ts.Expression | null {
  const inner = unwrap(first);
  if (ts.isObjectLiteralExpression(inner)) return property(inner, 'connection');
  const type = facts.checker.getTypeAtLocation(inner);
  const text = type.isUnion() ? type.types : [type];
  return text.some((one) => (one.flags & ts.TypeFlags.StringLike) !== 0) ? inner : null;
}

function isObject(node: ts.Expression | undefined): boolean {
  return node !== undefined && ts.isObjectLiteralExpression(unwrap(node));
}

function optionsOf(facts: ProgramFacts, node: ts.Expression | undefined): Construction['options'] {
  if (node === undefined) return null;
  const inner = unwrap(node);
  if (ts.isObjectLiteralExpression(inner)) return inner;
  const constant = constantOf(facts, inner);
  if (constant !== null && ts.isObjectLiteralExpression(unwrap(constant)))
    return unwrap(constant) as ts.ObjectLiteralExpression;
  return 'unseen';
}

function urlIn(
  facts: ProgramFacts,
  options: Construction['options'],
  given: ts.Expression | undefined,
): ts.Expression | null {
  if (options === null || options === 'unseen') return given === undefined || isObject(given) ? null : given;
  return (
    optionValue(facts, options, 'connectionString') ??
    optionValue(facts, options, 'url') ??
    optionValue(facts, options, 'host')
  );
}

/** The value of an option, also behind `...base` of a constant; `unseen` when a spread hides it. */
export function optionValue(
  facts: ProgramFacts,
  options: ts.ObjectLiteralExpression,
  name: string,
): ts.Expression | null {
  const own = property(options, name);
  if (own !== null) return own;
  for (const one of options.properties) {
    if (!ts.isSpreadAssignment(one)) continue;
    const spread = optionsOf(facts, one.expression);
    if (spread === 'unseen') return one.expression;
    const found = spread === null ? null : optionValue(facts, spread, name);
    if (found !== null) return found;
  }
  return null;
}

/** Whether the URL names a pooler: its usual ports, a host that says so, or a variable that does. */
export function isPoolerUrl(facts: ProgramFacts, construction: Construction): boolean {
  const { url, options } = construction;
  if (options !== null && options !== 'unseen') {
    const port = optionValue(facts, options, 'port');
    if (port !== null && /^['"`]?(?:6543|6432)['"`]?$/.test(port.getText())) return true;
  }
  return url !== null && saysPooler(facts, url, 0);
}

function saysPooler(facts: ProgramFacts, node: ts.Expression, depth: number): boolean {
  const inner = unwrap(node);
  if (depth > 6) return false;
  if (ts.isStringLiteralLike(inner) || ts.isTemplateExpression(inner))
    return /:(?:6543|6432)\b|pooler|pgbouncer|@[^/]*-pool(?:er)?\b/i.test(inner.getText());
  if (ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner)) {
    const name = ts.isPropertyAccessExpression(inner) ? inner.name.text : inner.argumentExpression.getText();
    if (/pooler|pgbouncer|pooled|pool_url/i.test(name)) return true;
  }
  if (ts.isBinaryExpression(inner))
    return saysPooler(facts, inner.left, depth + 1) || saysPooler(facts, inner.right, depth + 1);
  if (ts.isCallExpression(inner)) return inner.arguments.some((one) => saysPooler(facts, one, depth + 1));
  const constant = constantOf(facts, inner);
  if (constant !== null) return saysPooler(facts, constant, depth + 1);
  return ts.isIdentifier(inner) && /pooler|pgbouncer/i.test(inner.text);
}

/** The construction behind a client: `drizzle(pool)` leads to its pool, a constant to its initializer. Null if unseen. */
export function madeBy(facts: ProgramFacts, node: ts.Expression, depth = 0): Construction | null {
  const inner = unwrap(node);
  if (depth > 8) return null;
  if (ts.isAwaitExpression(inner)) return madeBy(facts, inner.expression, depth + 1);
  if (ts.isNewExpression(inner)) return constructionOf(facts, inner);
  if (ts.isCallExpression(inner)) {
    const own = constructionOf(facts, inner);
    if (own !== null) return own;
    if (
      ts.isPropertyAccessExpression(inner.expression) &&
      /^(?:connect|reserve)$/.test(inner.expression.name.text)
    )
      return madeBy(facts, inner.expression.expression, depth + 1);
    for (const argument of inner.arguments) {
      const client = ts.isObjectLiteralExpression(unwrap(argument))
        ? property(unwrap(argument) as ts.ObjectLiteralExpression, 'client')
        : argument;
      const found = client === null || !isClient(facts, client) ? null : madeBy(facts, client, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  const constant = constantOf(facts, inner);
  return constant === null ? null : madeBy(facts, constant, depth + 1);
}

function isClient(facts: ProgramFacts, node: ts.Expression): boolean {
  const kind: ClientKind | null = clientOfType(facts, facts.checker.getTypeAtLocation(node));
  return kind !== null;
}
