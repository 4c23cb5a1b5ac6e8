/**
 * What the configuration gives for the arguments that stand for the caller's identity, at one call. Where it gives
 * nothing the argument goes by its own name, so that the translation can be shown.
 */
import { resolve } from 'node:path';
import type { IdentitySource } from '../1-read/catalog.js';
import { findContextUses, type ContextExpression } from '../2-find/context-use.js';
import type { CallArgument, SiteRefusal } from '../2-find/call-site.js';
import type { Binding, ResolvedSite } from '../2-find/resolved-site.js';
import type { ArgumentUse, ResultUse } from '../2-find/result-use.js';
import { inputArguments } from '../3-parse/routine-names.js';
import { parameterName } from '../5-translate/names.js';
import { parameterType, parameterUse } from '../5-translate/parameter-type.js';
import { visibleNames } from '../6-rewrite/visible-names.js';
import type { ContextEntry } from '../config/context-setting.js';
import { MigrateError } from '../errors.js';
import type { DraftInput } from './draft-sites.js';

interface GivenIdentity {
  readonly site: ResolvedSite;
  readonly use: ResultUse;
}

/** The entry that fills a source: its own, or that of another spelling of the same claim. */
export function contextFor(key: string, context: readonly ContextEntry[]): ContextEntry | undefined {
  const others = (synonyms.find((one) => one.includes(key)) ?? []).filter((one) => one !== key);
  return [key, ...others].flatMap((one) => context.find((entry) => entry.key === one) ?? [])[0];
}

const synonyms: readonly (readonly string[])[] = ['sub', 'role', 'email'].map((claim) => [
  `auth.${claim === 'sub' ? 'uid' : claim}()`,
  `auth.jwt() ->> '${claim}'`,
  `current_setting('request.jwt.claim.${claim}')`,
]);

/** By the site's id. A site whose routine reads nothing of its caller is given back as it is. */
export async function giveIdentities(
  sites: readonly GivenIdentity[],
  input: DraftInput,
): Promise<ReadonlyMap<string, GivenIdentity | SiteRefusal>> {
  const wanted: Wanted[] = [];
  for (const one of sites) wanted.push(await wantedAt(one, input));
  const asked = wanted.filter(({ expressions }) => expressions.length > 0);
  const answers = findContextUses(
    input.part.program,
    asked.map(({ given: { site }, expressions }) => ({
      file: site.site.file,
      call: site.site.span,
      expressions,
    })),
  );
  return new Map(
    wanted.map((one) => {
      const own = answers[asked.indexOf(one)] ?? [];
      return [one.given.site.site.id, withBindings(one, own, input)] as const;
    }),
  );
}

interface Wanted {
  readonly given: GivenIdentity;
  /** What is configured, each with the number of its argument's hole. */
  readonly expressions: readonly ContextExpression[];
  readonly missing: readonly IdentitySource[];
}

async function wantedAt(given: GivenIdentity, input: DraftInput): Promise<Wanted> {
  const { site, use } = given;
  const expressions: ContextExpression[] = [];
  const missing: IdentitySource[] = [];
  const sources = site.site.embedded === undefined ? (site.routine.identity?.sources ?? []) : [];
  for (const [index, source] of sources.entries()) {
    const entry = contextFor(source.key, input.context ?? []);
    if (entry === undefined) missing.push(source);
    else expressions.push(await expressionAt(entry, firstHole(given) + index, site, use, input));
  }
  return { given, expressions, missing };
}

/** Above those of the call's own values, that of a request's filters among them. */
function firstHole({ site: { site }, use }: GivenIdentity): number {
  const own = (site.statement?.holes ?? []).map(({ index }) => index);
  return Math.max(0, ...own, ...use.arguments.map(({ hole }) => hole)) + 1;
}

function withBindings(
  { given, expressions, missing }: Wanted,
  answers: readonly (ArgumentUse | string)[],
  { catalog }: DraftInput,
): GivenIdentity | SiteRefusal {
  const { site, use } = given;
  const sources = site.routine.identity?.sources ?? [];
  if (sources.length === 0) return given;
  if (site.site.embedded !== undefined) return embeddedRefusal(sources);
  const problem = answers.find((answer) => typeof answer === 'string');
  if (problem !== undefined) {
    const detail = `${expressions[answers.indexOf(problem)]?.text ?? ''} of the setting context does not stand at this call: ${problem}`;
    return { reason: 'identity', detail };
  }
  const inputs = inputArguments(site.routine);
  const first = inputs.length - sources.length;
  const end = site.site.span.end;
  const bindings = [...site.bindings];
  const facts = [...use.arguments];
  for (const [index, source] of sources.entries()) {
    const parameter = inputs[first + index];
    if (parameter === undefined) continue;
    const hole = firstHole(given) + index;
    const position = first + index + 1;
    const at = expressions.findIndex((one) => one.hole === hole);
    const fact = answers[at];
    const known =
      typeof fact === 'object'
        ? fact
        : parameterUse(parameterType(catalog, source.type), hole, !source.required);
    const text = expressions[at]?.text ?? parameterName(parameter.name, position);
    const plain = /\s/.test(text) ? `(${text})` : text;
    const expression = known.mayBeUndefined ? `${plain} ?? null` : text;
    const mayBeNull = known.mayBeNull || known.mayBeUndefined;
    facts.push({ ...known, hole, mayBeUndefined: false, mayBeNull });
    bindings.push(bindingOf(parameter, position, { index: hole, span: { start: end, end }, expression }));
  }
  const imports = expressions.flatMap(({ import: needed }) => needed ?? []);
  return {
    site: { ...site, bindings, identity: { imports, missing } },
    use: { ...use, arguments: facts },
  };
}

function bindingOf(
  parameter: Binding['parameter'],
  position: number,
  hole: NonNullable<CallArgument['hole']>,
): Binding {
  return {
    parameter,
    position,
    argument: { name: null, sql: `$${String(hole.index)}`, hole, casts: [], variadic: false, holes: [hole] },
  };
}

async function expressionAt(
  { expression, import: imported, type, key }: ContextEntry,
  hole: number,
  site: ResolvedSite,
  use: ResultUse,
  { part, cwd = '' }: DraftInput,
): Promise<ContextExpression> {
  const plain = { text: expression, type, hole, import: null };
  if (imported === null) return plain;
  const { name } = imported;
  const base = resolve(cwd, imported.path);
  const file = ['', '.ts', '.tsx', '.mts', '.js', '/index.ts']
    .map((end) => `${base}${end}`)
    .find((path) => /\.[cm]?[jt]sx?$/.test(path) && part.place.existing(path) !== null);
  if (file === undefined) {
    throw new MigrateError('bad-config', `The import of ${key} in the setting context leads nowhere`, {
      detail: `${name}@${imported.path}`,
      hint: 'Write name@path with a path from the working directory.',
    });
  }
  const view = await part.place.view(site.site.file);
  if (file === view.path) return plain;
  const { text, need } = view.names.local(
    {
      name,
      from: { kind: 'file', path: file },
      typeOnly: false,
      aliases: [`${name}OfCaller`],
      sameModule: (specifier) => {
        const entry = part.place.resolver.resolve(view.path, specifier);
        return entry !== null && (entry === file || part.place.resolver.provides(entry, name, file));
      },
    },
    visibleNames(view.source, use.target.start),
  );
  const renamed =
    text === name ? expression : expression.replace(new RegExp(`(?<![\\w$.])${name}(?![\\w$])`, 'g'), text);
  return {
    ...plain,
    text: renamed,
    import: need === null ? null : { name, local: need.local, file },
  };
}

function embeddedRefusal(sources: readonly IdentitySource[]): SiteRefusal {
  const keys = sources.map(({ key }) => key).join(', ');
  return { reason: 'identity', detail: `${keys} in a routine that is called inside a larger statement` };
}
