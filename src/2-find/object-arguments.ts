/** Arguments given as an object whose type tells its keys: `rpc('f', args)`, `rpc('f', { ...base, p_x: 1 })`. */
import { ts } from 'ts-morph';
import { expressionAt } from '../source/nodes.js';
import type { Program } from '../source/open-program.js';
import { findArgumentUse, isRepeatable, useOfType } from './argument-use.js';
import type { Hole, SiteRefusal } from './call-site.js';
import type { ResolvedSite } from './resolved-site.js';
import type { ArgumentUse } from './result-use.js';
import type { ObjectPart } from './rpc-request.js';

export interface NamedArguments {
  /** The site with the arguments that the object has, each with the expression that gives it. */
  readonly resolved: ResolvedSite;
  readonly uses: readonly ArgumentUse[];
}

interface Found {
  readonly expression: string;
  readonly span: Hole['span'];
  readonly use: (hole: number) => ArgumentUse;
  readonly optional: boolean;
}

/** Refuses where the type does not tell every key, or tells one that the routine does not take. */
export function argumentsByType(
  program: Program,
  file: ts.SourceFile,
  resolved: ResolvedSite,
  parts: readonly ObjectPart[],
): NamedArguments | SiteRefusal {
  const found = new Map<string, Found>();
  for (const part of parts) {
    const refusal = part.name === null ? addProperties(program, file, part.hole, found) : null;
    if (refusal !== null) return refusal;
    if (part.name !== null) {
      const { span, expression } = part.hole;
      const use = (hole: number): ArgumentUse =>
        findArgumentUse(program, file, { ...part.hole, index: hole });
      found.set(part.name, { expression, span, use, optional: false });
    }
  }
  return withArguments(resolved, found);
}

/** Keys of a spread replace those before it; one that it may lack would have to be chosen at run time. */
function addProperties(
  program: Program,
  file: ts.SourceFile,
  hole: Hole,
  found: Map<string, Found>,
): SiteRefusal | null {
  const { checker } = program;
  const node = expressionAt(file, hole.span.start, hole.span.end);
  if (node === null || !isRepeatable(node)) return notYet(`arguments given as \`${hole.expression}\``);
  const type = checker.getTypeAtLocation(node);
  const told =
    !type.isUnion() &&
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    checker.getIndexInfosOfType(type).length === 0;
  if (!told) {
    return notYet(`arguments given as \`${hole.expression}\`, whose type does not tell their names`);
  }
  for (const property of checker.getPropertiesOfType(type)) {
    const { name } = property;
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    if (optional && found.has(name)) return notYet(`\`${name}\`, which \`${hole.expression}\` may replace`);
    const own = checker.getTypeOfSymbolAtLocation(property, node);
    found.set(name, {
      expression: memberText(hole.expression, name),
      span: hole.span,
      use: (index) => useOfType(program, own, node, index),
      optional,
    });
  }
  return null;
}

function memberText(object: string, name: string): string {
  const operand = /^[\w$.!?[\]'"]+$/.test(object) ? object : `(${object})`;
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${operand}.${name}` : `${operand}[${JSON.stringify(name)}]`;
}

function withArguments(
  resolved: ResolvedSite,
  found: ReadonlyMap<string, Found>,
): NamedArguments | SiteRefusal {
  const { routine } = resolved;
  const inputs = resolved.bindings.map(({ parameter }) => parameter);
  const other = [...found.keys()].find((name) => !inputs.some((one) => one.name === name));
  const missing = inputs.find(({ name, default: initial }) => initial === null && !found.has(name ?? ''));
  if (other !== undefined || missing !== undefined) {
    const what = other === undefined ? `lack ${missing?.name ?? ''}` : `have ${other}`;
    return {
      reason: 'rpc-not-yet',
      detail: `the arguments of ${routine.name} ${what} by their type (PGRST202)`,
    };
  }
  const uses: ArgumentUse[] = [];
  const holes = new Map<number, Hole>();
  for (const { position, parameter } of resolved.bindings) {
    const one = found.get(parameter.name ?? '');
    if (one === undefined) continue;
    holes.set(position, { index: position, span: one.span, expression: one.expression });
    uses.push(one.use(position));
  }
  return { resolved: withHoles(resolved, holes), uses };
}

/** The site with other expressions for its arguments, by position; those without one are not given. */
export function withHoles(resolved: ResolvedSite, holes: ReadonlyMap<number, Hole>): ResolvedSite {
  const { site, bindings, call } = resolved;
  const bound = bindings.map((binding) => {
    const hole = holes.get(binding.position);
    return hole === undefined || binding.argument === null
      ? { ...binding, argument: null }
      : { ...binding, argument: { ...binding.argument, hole, holes: [hole] } };
  });
  const named = new Map(bound.map(({ parameter, argument }) => [parameter.name, argument]));
  const rpc = site.rpc && {
    ...site.rpc,
    arguments: site.rpc.arguments.flatMap((one) => {
      const hole = named.get(one.name)?.hole;
      return hole ? [{ ...one, hole }] : [];
    }),
  };
  const statement = site.statement && { ...site.statement, holes: [...holes.values()] };
  return {
    ...resolved,
    bindings: bound,
    call: { ...call, arguments: bound.flatMap(({ argument }) => argument ?? []) },
    site: { ...site, statement, ...(rpc === undefined ? {} : { rpc }) },
  };
}

function notYet(detail: string): SiteRefusal {
  return { reason: 'rpc-not-yet', detail };
}
