/** Arguments that travel otherwise as JSON than as parameters of a query. */
import type { Program } from '../source/open-program.js';
import type { SiteRefusal } from './call-site.js';
import type { ResolvedSite } from './resolved-site.js';
import type { ArgumentUse } from './result-use.js';

/** Null: every argument arrives as it did. */
export function refusalOfArguments(
  { site, bindings }: ResolvedSite,
  uses: readonly ArgumentUse[],
  { compilerOptions }: Program,
): SiteRefusal | null {
  const strict = compilerOptions.strictNullChecks ?? compilerOptions.strict ?? false;
  for (const binding of bindings) {
    const use = uses.find(({ hole }) => hole === binding.argument?.hole?.index);
    if (use === undefined) continue;
    const type = site.rpc?.arguments.find(({ name }) => name === binding.parameter.name)?.type ?? '';
    const detail = difference(type, use, strict);
    if (detail !== null)
      return { reason: 'rpc-not-yet', detail: `${binding.parameter.name ?? ''}: ${detail}` };
  }
  return null;
}

function difference(type: string, use: ArgumentUse, strict: boolean): string | null {
  const has = (member: ArgumentUse['members'][number]): boolean => use.members.includes(member);
  if (strict && use.mayBeUndefined) return 'an argument that may be undefined is left out of the request';
  if (has('bigint')) return 'a bigint, which JSON does not hold';
  if (has('date') && type !== 'timestamp with time zone') return `a Date for ${type}`;
  if (/^jsonb?$/.test(type)) {
    const plain = use.members.length > 0 && use.members.every((member) => member === 'object');
    return plain ? null : `${use.type} for ${type}`;
  }
  return has('object') ? `an object for ${type}` : null;
}
