/**
 * A call by `.rpc()` that has to stay a call is sent through Drizzle: arguments by name, each as text that is cast to
 * its declared type, which is the one form that every driver sends alike, directly and through a pooler.
 * Options: `routines`, a JSON file or a value (see `Routine`); `db`, as `name@module`, or a name that the file has;
 * `driver`, node-postgres unless `postgres-js`. From then on what is thrown is Drizzle's error and the call runs with
 * the rights of the pool's login; each changed call says so.
 */
import j, {
  type API,
  type ASTNode,
  type ASTPath,
  type CallExpression,
  type FileInfo,
  type Options,
} from 'jscodeshift';
import { importedAs } from './shared/add-import.ts';
import { argumentTextHelper, writeArguments } from './shared/routine-arguments.ts';
import { type Edit, openSource, rangeOf, type Source } from './shared/open-source.ts';
import { readRoutines, type Routine } from './shared/routines.ts';
import { indentAt, indentUnit } from './shared/layout.ts';
import { bare, isReference, methodCall, parentOf, standingOf, usesOf } from './shared/syntax.ts';

export default function transform(file: FileInfo, api: API, options: Options): string | undefined {
  const source = openSource(file, api, options);
  const routines = readRoutines(options['routines']);
  for (const path of source.root.find(j.CallExpression).paths()) {
    const call = methodCall(path.node);
    const [name] = call?.args ?? [];
    if (call?.name !== 'rpc' || name === undefined || !isSupabase(source, path)) continue;
    if (source.asked(path.node) === null) continue;
    const schema = schemaOf(call.object);
    const reason = mend(source, api, path, { call: call.args, ...schema, options, routines });
    if (reason !== null) source.leave(path.node, reason);
  }
  return source.result();
}

interface Asked {
  readonly call: readonly ASTNode[];
  /** Null when it is only known at run time. */
  readonly schema: string | null;
  /** The call itself names it. */
  readonly named: boolean;
  readonly options: Options;
  readonly routines: ReadonlyMap<string, Routine | null> | null;
}

/** Other libraries have an `rpc` of their own. */
function isSupabase(source: Source, path: ASTPath<CallExpression>): boolean {
  return (
    source.known ||
    /['"]@supabase\/[\w-]+['"]/.test(source.text) ||
    /supabase/i.test(source.textOf(path.node.callee))
  );
}

/** `client.schema('billing').rpc(…)`, else what a client takes unless it is told another one. */
function schemaOf(object: ASTNode): Pick<Asked, 'schema' | 'named'> {
  const call = methodCall(bare(object));
  const [name] = call?.args ?? [];
  if (call?.name === 'schema')
    return { schema: j.StringLiteral.check(name) ? name.value : null, named: true };
  return { schema: isReference(bare(object)) || call === null ? 'public' : null, named: false };
}

/** Changes the call, or gives the reason for leaving it. */
function mend(source: Source, api: API, path: ASTPath<CallExpression>, asked: Asked): string | null {
  const [name, given] = asked.call;
  if (asked.routines === null)
    return 'its declared types are not known: give --routines=<file>, or check --fix a --db <source>';
  if (!j.StringLiteral.check(name) || asked.schema === null) return 'its name is only known at run time';
  const routine = asked.routines.get(`${asked.schema}.${name.value}`);
  if (routine === undefined) return `${asked.schema}.${name.value} is not among the routines`;
  const elsewhere = [...asked.routines.keys()].filter((key) => key.endsWith(`.${name.value}`));
  if (!asked.named && elsewhere.length > 1) return `${elsewhere.join(' or ')} could be meant`;
  if (routine === null) return 'it is overloaded';
  if (routine.leave !== undefined) return routine.leave;
  if (asked.call.length > 2) return 'its options are a matter of HTTP';
  const use = useOf(source, path);
  if (typeof use === 'string') return use;
  const written = writeArguments(source, routine, given);
  if (typeof written === 'string') return written;
  const shape = shapeOf(routine, name.value, use, asked.options['driver'] === 'postgres-js');
  if (typeof shape === 'string') return shape;
  const database = databaseOf(source, asked.options);
  if (typeof database === 'string') return database;
  const tag = importedAs(source, 'sql', 'drizzle-orm');
  const target = `"${asked.schema.replaceAll('"', '""')}"."${name.value.replaceAll('"', '""')}"`;
  const statement = layOut(source, use.statement, {
    head: `${shape.pattern === null ? '' : `const ${shape.pattern} = `}await ${database.text}.execute${shape.row}(`,
    query: `${tag.text}\`SELECT * FROM ${target}`,
    list: written.list,
  });
  source.change(path.node, [
    { start: rangeOf(use.statement).start, end: rangeOf(use.check).end, text: statement },
    ...tag.edits,
    ...database.edits,
    ...(written.list.some((one) => one.includes('argumentText(')) ? argumentTextHelper(source) : []),
  ]);
  api.report?.(
    `${name.value}: it runs with the rights of the pool's login now, and what is thrown is Drizzle's error, whose SQLSTATE is \`error.cause.code\``,
  );
  return null;
}

/** One line where it fits, else one argument a line. */
function layOut(
  source: Source,
  statement: ASTNode,
  { head, query, list }: { readonly head: string; readonly query: string; readonly list: readonly string[] },
): string {
  const line = `${head}${query}(${list.join('')})\`);`;
  const indent = indentAt(source, rangeOf(statement).start);
  if (indent.length + line.length <= 100) return line;
  const inner = source.eol + indent + indentUnit(source, indent);
  if (list.length === 0) return `${head}${inner}${query}()\`,${source.eol}${indent});`;
  const args = list.map((one) => `${inner}${indentUnit(source, indent)}${one.trimEnd()}`).join('');
  return `${head}${inner}${query}(${args}${inner})\`,${source.eol}${indent});`;
}

interface Use {
  readonly statement: ASTNode;
  /** `if (error) throw error;` */
  readonly check: ASTNode;
  /** The name that the data gets, or null. */
  readonly data: string | null;
}

/** Only `const { data, error } = await …; if (error) throw error;` does what a thrown error does. */
function useOf(source: Source, path: ASTPath): Use | string {
  const awaited = parentOf(path);
  const declarator = awaited === null ? null : parentOf(awaited)?.node;
  const standing = standingOf(path);
  const other =
    'only `const { data, error } = await …` with `if (error) throw error` after it does what a thrown error does';
  if (standing === null || !j.AwaitExpression.check(awaited?.node)) return other;
  if (!j.VariableDeclarator.check(declarator) || !j.ObjectPattern.check(declarator.id)) return other;
  const names = new Map<string, string>();
  for (const one of declarator.id.properties) {
    if (!j.ObjectProperty.check(one) || !j.Identifier.check(one.key) || !j.Identifier.check(one.value))
      return other;
    names.set(one.key.name, one.value.name);
  }
  const error = names.get('error');
  if (error === undefined) return 'its error is not looked at, and the new call throws';
  if ([...names.keys()].some((one) => one !== 'data' && one !== 'error'))
    return 'it reads what only HTTP has';
  const check = (standing.block.body as readonly ASTNode[])[standing.index + 1];
  if (
    check === undefined ||
    !/^if \((\w+)\) (?:throw \1;?|\{\s*throw \1;?\s*\})$/.test(source.textOf(check)) ||
    !source.textOf(check).startsWith(`if (${error})`)
  )
    return other;
  if (usesOf(standing.block, error).filter((one) => rangeOf(one.node).start > rangeOf(check).end).length > 0)
    return 'its error is used later';
  return { statement: standing.path.node, check, data: names.get('data') ?? null };
}

/** The types whose value is the same by PostgREST's JSON and by the driver. */
const sameByDriver =
  /^(?:text|character varying|uuid|integer|smallint|boolean|jsonb?|double precision|real|date)$/;

interface Shape {
  /** What the result is taken apart with, or null. */
  readonly pattern: string | null;
  /** The type of a row, in angle brackets. */
  readonly row: string;
}

function shapeOf({ returns }: Routine, name: string, use: Use, isArray: boolean): Shape | string {
  if (use.data === null) return { pattern: null, row: '' };
  if (returns.kind === 'void') return 'it returns nothing, and its data is read';
  const columns = returns.kind === 'scalar' ? [{ name, type: returns.type }] : returns.columns;
  const other = columns.find(({ type }) => !sameByDriver.test(type));
  if (other !== undefined)
    return `a ${other.type} arrives as another value through the driver than through PostgREST`;
  const row = `<{ ${columns.map(({ name: key, type }) => `${keyOf(key)}: ${typeOf(type)}`).join('; ')} }>`;
  const key = keyOf(name);
  const rows = returns.kind === 'rows' ? use.data : `[{ ${key === use.data ? key : `${key}: ${use.data}`} }]`;
  return { pattern: isArray ? rows : `{ rows: ${rows} }`, row };
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

function typeOf(type: string): string {
  if (/^(?:integer|smallint|double precision|real)$/.test(type)) return 'number';
  return type === 'boolean' ? 'boolean' : /^jsonb?$/.test(type) ? 'unknown' : 'string';
}

/** How the file writes the client, or the reason for not knowing one. */
function databaseOf(
  source: Source,
  options: Options,
): { readonly text: string; readonly edits: readonly Edit[] } | string {
  const [name, module] = String(options['db'] ?? '').split('@');
  if (name === undefined || name === '')
    return options['why'] === undefined
      ? 'it is not known what to send it through: give --db=<name>@<module>'
      : String(options['why']);
  return module === undefined || module === '' ? { text: name, edits: [] } : importedAs(source, name, module);
}
