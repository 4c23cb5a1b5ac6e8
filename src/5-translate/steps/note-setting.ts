/** `set_config`: what is evaluated behind it may give another value than before it. */
import { isOfMoreThanValues } from '../../3-parse/utility-as-query.js';
import { walk } from '../../4-classify/walk-body.js';
import { unsupported } from '../untranslatable.js';
import type { StepsContext } from './context.js';
import type { Flow } from './flow.js';
import { tell } from './hazards.js';

/** Does the statement set something? Refuses what has an effect on more than values. */
export function setsSomething(tree: unknown): boolean {
  let found = false;
  walk(tree, null, ({ node }) => {
    if (node.kind !== 'call' || node['name'] !== 'set_config') return;
    found = true;
    const [name] = node['arguments'] as readonly {
      readonly value: { readonly kind: string; readonly text?: string };
    }[];
    if (name?.value.kind !== 'literal') unsupported('a setting whose name is computed');
    if (isOfMoreThanValues(name.value.text ?? '')) unsupported(`the setting ${name.value.text ?? ''}`);
  });
  return found;
}

/** No text that was defined before it is evaluated behind it, and no column of a row that was read before it. */
export function forgetBefore(flow: Flow): void {
  for (const [id, binding] of flow.bindings)
    if (binding.kind === 'fragment') flow.bindings.set(id, { kind: 'unknown' });
  flow.steady = { rows: new Set(), at: -1 };
}

/** Types whose text PostgreSQL reads by the setting. */
const readBy: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^timezone$/i, ['timestamptz', 'timetz', 'tstzrange', 'tstzmultirange']],
  [/^datestyle$/i, ['date', 'timestamp', 'timestamptz', 'daterange', 'tsrange', 'tstzrange']],
  [/^intervalstyle$/i, ['interval']],
  [/^lc_monetary$/i, ['money']],
];

/** An argument that is sent behind a setting is read by it; the call had read it before. */
export function settingHazard(context: StepsContext): void {
  const { steps, input } = context;
  const types = new Set<string>();
  const names = new Set<string>();
  const read = new Set<string>();
  walk(steps, null, ({ node }) => {
    if (node.kind === 'call' && node['name'] === 'set_config') {
      const [name] = node['arguments'] as readonly { readonly value: { readonly text?: string } }[];
      const set = name?.value.text ?? '';
      const own = readBy.flatMap(([pattern, all]) => (pattern.test(set) ? all : []));
      for (const type of own) types.add(type);
      if (own.length > 0) names.add(set);
    }
    if (node.kind !== 'parameter') return;
    const type = input.catalog.types.get(Number(node['type']));
    const element = input.catalog.types.get(type?.element ?? 0) ?? type;
    if (element !== undefined && types.has(element.name)) read.add(String(node['name']));
  });
  if (read.size === 0) return;
  const all = [...read].join(', ');
  const message = `It sets ${[...names].join(', ')} before it sends ${all}, whose text PostgreSQL now reads by that setting; the function had read it by the caller's. A text that says its zone and its order of day and month means the same.`;
  tell(context, 'set-before-argument', message);
}
