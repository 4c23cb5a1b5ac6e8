/** Prints code for a stand-alone module: imports and helpers are collected, arguments are `args.a1`. */
import type { UserProject } from '../1-read/user-project.js';
import { bindingAt } from '../2-find/collected-arguments.js';
import { inForm } from '../2-find/request-arguments.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { Code, Line } from '../5-translate/code.js';
import type { ModuleDraft } from '../5-translate/draft.js';
import { printCode, quote } from '../5-translate/print/print-code.js';
import { printLines } from '../5-translate/print/print-lines.js';
import type { Names } from '../5-translate/print/names.js';
import { supportFunctions, type SupportFunction } from '../5-translate/support-source.js';
import { bindingsOfLines } from '../6-rewrite/walk-code.js';
import { argumentKey } from './argument-key.js';

export interface Printer {
  print(code: Code): string;
  lines(lines: readonly Line[]): string;
  /** Imports and helpers of what was printed so far. */
  head(): string;
}

/** What printers that write into one module collect together. */
export interface PrinterHead {
  readonly imports: Map<string, string>;
  readonly helpers: Set<string>;
  /** Other names of helpers, where a variable has their own. */
  readonly aliases: Map<string, string>;
}

export function openHead(): PrinterHead {
  return { imports: new Map(), helpers: new Set(), aliases: new Map() };
}

/** @param called names of the generated functions that it calls, by their documentation. */
export function openPrinter(
  site: ResolvedSite,
  project: UserProject,
  executor: string,
  module: ModuleDraft | null = null,
  called: ReadonlyMap<string, string> = new Map(),
  { imports, helpers, aliases }: PrinterHead = openHead(),
): Printer {
  const support = supportFunctions(project.clients[0]?.driver ?? 'node-postgres');
  const locals = new Set(module?.parameters.map(({ name }) => name));
  for (const name of bindingsOfLines(module?.body ?? [])) locals.add(name);
  const names: Names = {
    import(module, name) {
      const local = `_${name}`;
      imports.set(`${module}\0${name}`, `import { ${name} as ${local} } from ${quote(module)};`);
      return local;
    },
    table(schema, table) {
      const found = project.tables.find((one) => one.schema === schema && one.name === table);
      if (found === undefined)
        throw new Error(`The draft uses ${schema}.${table}, which the Drizzle schema lacks`);
      return names.import(found.file, found.exportName, false);
    },
    routine(module, name) {
      const own = called.get(module);
      if (own !== undefined) return own;
      helpers.add(name);
      if (!locals.has(name)) return name;
      aliases.set(name, `_helper_${name}`);
      return `_helper_${name}`;
    },
    executor,
    transaction: `${executor}.transaction`,
    argument(position) {
      const own = module?.parameters.find((parameter) => parameter.position === position);
      if (own !== undefined) return own.name;
      const hole = bindingAt(site, position)?.argument?.hole;
      if (!hole) return 'undefined';
      const value = `args.${argumentKey(site.site, hole.index)}`;
      return hole.form === undefined ? value : inForm(hole.form, value);
    },
  };
  return {
    print: (code) => printCode(module === null ? withArguments(code, site) : code, names),
    lines: (lines) => printLines(lines, names),
    head() {
      const used = withNeeds(helpers, support);
      for (const helper of used) {
        for (const [module, list] of Object.entries(support[helper]?.imports ?? {})) {
          for (const name of list)
            imports.set(`${module}\0${name} plain`, `import ${importClause(name)} from ${quote(module)};`);
        }
      }
      const texts = used.map((helper) => support[helper]?.text ?? '');
      const others = [...aliases].map(([name, alias]) => `const ${alias} = ${name};`);
      return [...imports.values(), ...texts, ...others].join('\n');
    },
  };
}

function importClause(name: string): string {
  return name.startsWith('default ') ? name.slice('default '.length) : `{ ${name} }`;
}

function withNeeds(
  helpers: ReadonlySet<string>,
  support: Readonly<Record<string, SupportFunction>>,
): readonly string[] {
  const all = new Set<string>();
  const add = (name: string): void => {
    for (const need of support[name]?.needs ?? []) add(need);
    all.add(name);
  };
  helpers.forEach(add);
  return [...all];
}

/** Holes inside an argument's SQL stand as the site's own text; here they are arguments too. */
function withArguments(code: Code, site: ResolvedSite): Code {
  const holes = site.site.statement?.holes ?? [];
  const visit = <T>(node: T): T => {
    if (Array.isArray(node)) return node.map(visit) as T;
    if (typeof node !== 'object' || node === null) return node;
    const local = node as { kind?: unknown; name?: unknown; hole?: number };
    if (local.kind === 'local') {
      const index = local.hole ?? holes.find((candidate) => candidate.expression === local.name)?.index;
      const name = index === undefined ? '' : `args.${argumentKey(site.site, index)}`;
      return name === '' ? node : ({ kind: 'local', name } as T);
    }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)])) as T;
  };
  return visit(code);
}
