/** Which calls `--only` and `--skip` mean. */
import type { Catalog } from '../1-read/catalog.js';
import { MigrateError } from '../errors.js';
import type { Options } from '../options.js';

type Chosen = Pick<Options, 'only' | 'skip'>;

/** Is a call of this name meant? Names match with or without their schema; quotes do not count. */
export function isChosen(name: string, { only, skip }: Chosen): boolean {
  const called = bare(name);
  const matches = (one: string): boolean => {
    const wanted = bare(one);
    return wanted === called || called.endsWith(`.${wanted}`) || wanted.endsWith(`.${called}`);
  };
  return (only.length === 0 || only.some(matches)) && !skip.some(matches);
}

/** Throws MigrateError (exit 2) for a name that no routine of the database has: a slip would leave out all the rest. */
export function refuseUnknownNames({ only, skip }: Chosen, { routines }: Pick<Catalog, 'routines'>): void {
  const known = new Set(routines.flatMap(({ schema, name }) => [name, `${schema}.${name}`]));
  const problems = [
    ...only.map((name) => ({ flag: '--only', name })),
    ...skip.map((name) => ({ flag: '--skip', name })),
  ]
    .filter(({ name }) => !known.has(bare(name)))
    .map(({ flag, name }) => `${flag} ${name}${like(bare(name), known)}`);
  if (problems.length === 0) return;
  throw new MigrateError('no-such-routine', 'The database has no routine of that name', {
    detail: problems.join('\n'),
    hint: 'Names are written as the database spells them, name or schema.name, without arguments.',
  });
}

function bare(name: string): string {
  return name.replace(/"/g, '');
}

/** The known names that differ in case, or hold the name or lie in it. */
function like(name: string, known: ReadonlySet<string>): string {
  const lower = (name.split('.').at(-1) ?? name).toLowerCase();
  const near = [...known].filter((one) => {
    const other = one.toLowerCase();
    return !one.includes('.') && (other.includes(lower) || (other.length > 3 && lower.includes(other)));
  });
  return near.length === 0 ? '' : ` (there is ${near.sort().slice(0, 5).join(', ')})`;
}
