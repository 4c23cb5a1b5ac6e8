/**
 * Local names for what rewritten sites of one file import. A name once given keeps its meaning in the file, so
 * sites that are placed one after the other never contradict each other.
 */
import type { FileImports } from './file-imports.js';
import type { ImportNeed } from './site-plan.js';

export interface LocalNames {
  /**
   * Text that names the import at a place that sees `visible`: `orders`, `schema.orders`, `ordersTable`.
   * `aliases` are tried in order after the exported name. `visible` leaves the file's imports out.
   */
  local(
    wanted: WantedImport,
    visible: ReadonlySet<string>,
  ): { readonly text: string; readonly need: ImportNeed | null };
  /** A fresh name for a variable, the first of `base`, `baseValue`, `baseValue2` … that nothing at the place uses. */
  fresh(base: string, visible: ReadonlySet<string>): string;
}

export interface WantedImport {
  readonly name: string;
  readonly from: ImportNeed['from'];
  readonly typeOnly: boolean;
  /** Other names to take when `name` is in use. */
  readonly aliases: readonly string[];
  /** An existing import of this specifier gives the same thing. */
  readonly sameModule: (specifier: string) => boolean;
}

export function openLocalNames(imports: FileImports, free: ReadonlySet<string>): LocalNames {
  const imported = new Set(imports.declarations.flatMap((one) => one.bindings.map(({ local }) => local)));
  const given = new Map<string, string>();
  const taken = (name: string, key: string, visible: ReadonlySet<string>): boolean =>
    visible.has(name) || free.has(name) || imported.has(name) || (given.has(name) && given.get(name) !== key);

  return {
    local(wanted, visible) {
      const existing = findExisting(wanted, imports, visible);
      if (existing !== null) return { text: existing, need: null };
      const key = `${wanted.from.kind === 'file' ? wanted.from.path : wanted.from.specifier}\0${wanted.name}`;
      const name = firstFree(
        [wanted.name === '*' ? '' : wanted.name, ...wanted.aliases].filter(Boolean),
        (one) => taken(one, key, visible),
      );
      given.set(name, key);
      return {
        text: name,
        need: { name: wanted.name, local: name, typeOnly: wanted.typeOnly, from: wanted.from },
      };
    },
    fresh(base, visible) {
      const name = firstFree(
        [base, `${base}Value`],
        (one) => taken(one, `variable ${one}`, visible) || given.has(one),
      );
      given.set(name, `variable ${name}`);
      return name;
    },
  };
}

function firstFree(candidates: readonly string[], taken: (name: string) => boolean): string {
  for (const candidate of candidates) if (!taken(candidate)) return candidate;
  const last = candidates.at(-1) ?? 'value';
  for (let number = 2; ; number++) if (!taken(`${last}${number}`)) return `${last}${number}`;
}

/** An import that the file has already, unless something nearer hides its name. */
function findExisting(
  wanted: WantedImport,
  imports: FileImports,
  visible: ReadonlySet<string>,
): string | null {
  for (const declaration of imports.declarations) {
    if (!wanted.sameModule(declaration.specifier)) continue;
    for (const binding of declaration.bindings) {
      if (visible.has(binding.local) || (binding.typeOnly && !wanted.typeOnly)) continue;
      if (binding.name === wanted.name) return binding.local;
      if (binding.name === '*' && wanted.name !== 'default') return `${binding.local}.${wanted.name}`;
    }
  }
  return null;
}
