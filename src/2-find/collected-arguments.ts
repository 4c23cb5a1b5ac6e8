/**
 * The arguments that a VARIADIC parameter collects in an array (PostgreSQL manual, 38.5.6). Each has a position of
 * its own, behind those of the routine's arguments, so that code can name it.
 */
import type { CallArgument } from './call-site.js';
import type { Binding, ResolvedSite } from './resolved-site.js';

/** Null: the binding is one argument as it is written. */
export function collectedBy({ argument }: Binding): NonNullable<CallArgument['collected']> | null {
  return argument?.collected ?? null;
}

/** The binding of an argument, or of one that was collected. */
export function bindingAt(site: ResolvedSite, position: number): Binding | undefined {
  return [...site.bindings, ...elementBindings(site)].find((binding) => binding.position === position);
}

/** What is written at the call, one binding each. */
export function writtenBindings(site: ResolvedSite): readonly Binding[] {
  const single = site.bindings.filter((binding) => collectedBy(binding) === null);
  return [...single, ...elementBindings(site)];
}

/** In the order of the call. */
export function elementBindings({ bindings }: ResolvedSite): readonly Binding[] {
  const collecting = bindings.find((binding) => collectedBy(binding) !== null);
  const collected = collecting === undefined ? null : collectedBy(collecting);
  if (collecting === undefined || collected === null) return [];
  const { parameter } = collecting;
  const own = { ...parameter, name: singular(parameter.name), type: collected.type };
  return collected.items.map((argument, index) => ({
    parameter: own,
    position: bindings.length + index + 1,
    argument,
  }));
}

/** `p_ids` holds one `p_id` after the other. */
function singular(name: string | null): string {
  if (name === null) return 'item';
  const one = name.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '');
  return one === name ? 'item' : one;
}
