/**
 * What a person has to know of one call before it is rewritten: which of several routines it means, how often
 * it ran it, and what its arguments may be that their types do not show. None of it forbids the rewriting.
 */
import type { Catalog } from '../1-read/catalog.js';
import { declaredOid } from '../2-find/polymorphic-routine.js';
import { findCandidates, signatureOf } from '../2-find/resolve-candidates.js';
import type { Binding, ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Hazard } from './verdict.js';

export function siteHazards(site: ResolvedSite, use: ResultUse, catalog: Catalog): readonly Hazard[] {
  return [
    ...silentOverload(site, catalog),
    ...severalExecutions(site),
    ...swapped(site, catalog),
    ...undefinedArguments(site, use),
  ];
}

/** How often `SELECT (f(…)).*` runs the routine: once for each column that it spells out. */
export function executions({ call, output }: ResolvedSite): number {
  return call.form === 'expand' ? Math.max(1, output.columns.length) : 1;
}

/** PostgreSQL manual, 10.3: untyped parameters fit every overload, and a preferred type wins without a word. */
function silentOverload({ call, routine }: ResolvedSite, catalog: Catalog): readonly Hazard[] {
  const candidates = findCandidates(call, catalog);
  if ('reason' in candidates) return [];
  const others = candidates.filter((each) => each.routine.oid !== declaredOid(routine));
  const untyped = call.arguments.some(({ hole, casts, sql }) =>
    hole === null ? /^'/.test(sql.trim()) : casts.length === 0,
  );
  if (others.length === 0 || !untyped) return [];
  const names = others.map((each) => signatureOf(each.routine, catalog)).join(', ');
  const message = `Its arguments also fit ${names}; PostgreSQL runs ${signatureOf(routine, catalog)} because they have no type of their own. If the other was meant, cast them at the call.`;
  return [{ rule: 'silent-overload', message }];
}

function severalExecutions(site: ResolvedSite): readonly Hazard[] {
  const times = executions(site);
  if (times < 2) return [];
  const message = `SELECT (${site.routine.name}(…)).* ran it ${String(times)} times, once a column; the query runs once.`;
  return [{ rule: 'several-executions', message }];
}

/** Two arguments of one type by position, each of which goes by the name of the other's parameter. */
function swapped({ bindings }: ResolvedSite, catalog: Catalog): readonly Hazard[] {
  const positional = bindings.flatMap((binding) => {
    const given = givenName(binding);
    const declared = bare(binding.parameter.name ?? '');
    return given === null || declared === '' ? [] : [{ binding, given, declared }];
  });
  return positional.flatMap((one) => {
    if (one.given === one.declared) return [];
    const other = positional.find(
      ({ binding, given, declared }) =>
        binding.parameter.type === one.binding.parameter.type && declared === one.given && given !== declared,
    );
    if (other === undefined) return [];
    const type = catalog.types.get(one.binding.parameter.type)?.sqlName ?? 'of one type';
    const message = `\`${expressionOf(one.binding)}\` is given for ${one.binding.parameter.name ?? ''}, while ${other.binding.parameter.name ?? ''} takes \`${expressionOf(other.binding)}\`; both are ${type}, so that nothing fails if they are swapped. The query keeps their order.`;
    return [{ rule: 'swapped-arguments', message }];
  });
}

function undefinedArguments({ bindings }: ResolvedSite, use: ResultUse): readonly Hazard[] {
  const names = bindings.flatMap((binding) =>
    factOf(binding, use)?.mayBeUndefined === true ? [`\`${expressionOf(binding)}\``] : [],
  );
  if (names.length === 0) return [];
  const [verb, them] = names.length === 1 ? ['may be', 'its'] : ['may each be', 'their'];
  const sent =
    use.client.kind === 'drizzle'
      ? `Drizzle prints nothing in ${them} place, so that the call failed (42601) or, without any argument left, took the defaults`
      : `the driver sends NULL for it`;
  if (use.client.kind === 'supabase') {
    const message = `${names.join(', ')} ${verb} undefined: the request then failed (PGRST202), and the query fails otherwise (42601).`;
    return [{ rule: 'undefined-argument', message }];
  }
  const message = `${names.join(', ')} ${verb} undefined: ${sent}. Write \`?? null\` if NULL is meant.`;
  return [{ rule: 'undefined-argument', message }];
}

function factOf({ argument }: Binding, use: ResultUse): ResultUse['arguments'][number] | undefined {
  return use.arguments.find(({ hole }) => hole === argument?.hole?.index);
}

function expressionOf({ argument }: Binding): string {
  return argument?.hole?.expression ?? argument?.sql ?? '';
}

/** The last name of `input.fromId`, bare; null for what has none, or is given by name. */
function givenName({ argument }: Binding): string | null {
  if (argument === null || argument.hole === null || argument.name !== null) return null;
  const name = /(?:^|[.\s])([A-Za-z_$][\w$]*)!?$/.exec(argument.hole.expression.trim())?.[1];
  return name === undefined ? null : bare(name);
}

/** `p_from_id`, `fromId` and `from_id` are one name. */
function bare(name: string): string {
  return name
    .replace(/^(?:p|v|in|arg)(?=_|[A-Z])/, '')
    .replaceAll('_', '')
    .toLowerCase();
}
