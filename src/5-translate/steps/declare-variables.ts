/** The variables of the generated function, each declared with its first value where it has one at once. */
import type { Code, Line } from '../code.js';
import { mayRefuseNull } from '../refuses-null.js';
import { rawType } from '../representation.js';
import { unsupported } from '../untranslatable.js';
import { carrier } from './carrier.js';
import { isGiven, type StepsContext } from './context.js';
import { keptFound, type Flow } from './flow.js';

/** Variables that are assigned more than once, or read before they are. */
export function declared(context: StepsContext, flow: Flow): Line[] {
  const lines: Line[] = [];
  refuseUnset(context);
  for (const variable of context.variables) {
    const use = context.uses[variable.id];
    const needed = use !== undefined && (use.whole || variable.origin === 'out');
    if (variable.origin !== 'found') flow.bindings.set(variable.id, { kind: 'null' });
    if (['found', 'loop'].includes(variable.origin) || !needed || use.single || use.definitions === 0)
      continue;
    if (variable.type === null) continue;
    const kind = context.input.catalog.types.get(variable.type)?.kind;
    if (kind === 'composite' || kind === 'pseudo' || kind === undefined) continue;
    const name = context.names.ofVariable(variable.name);
    const given = isGiven(variable, context);
    const type = given
      ? rawType(context.input.catalog, variable.type, context.driver)
      : carrier(context.input.catalog, variable.type, context.driver).type;
    const nothing: Code = { kind: 'keyword', value: 'null' };
    lines.push({ kind: 'let', name, type: type === 'unknown' ? type : `${type} | null`, value: nothing });
    const code: Code = { kind: 'local', name };
    context.locals.set(variable.id, code);
    flow.bindings.set(variable.id, { kind: 'local', code, type: variable.type, nullable: true, given });
  }
  return lines;
}

/** A variable without a default starts as NULL, which is checked on entry (exec_stmt_block in pl_exec.c). */
function refuseUnset({ input: { catalog, verdict } }: StepsContext): void {
  if (verdict.body.kind !== 'plpgsql') return;
  for (const { origin, type, default: first } of verdict.body.variables) {
    if (origin === 'declared' && first === null && type !== null && mayRefuseNull(catalog, type))
      unsupported('a variable without a default of a domain that may refuse NULL');
  }
}

/** FOUND as a variable: false until a statement sets it. */
export function declaredFound(context: StepsContext, flow: Flow): readonly Line[] {
  context.foundName = context.names.unique('found');
  flow.found = keptFound;
  return [{ kind: 'let', name: context.foundName, type: null, value: { kind: 'keyword', value: 'false' } }];
}

/** A variable is declared with its first value, where nothing mentions it before. */
export function startingAt(lines: readonly Line[]): readonly Line[] {
  const dropped = new Set<Line>();
  const placed = new Map<Line, Line>();
  for (const declaration of lines) {
    if (declaration.kind !== 'let') continue;
    const mention = new RegExp(`"(?:name|target)":"${declaration.name}"`);
    const first = lines.find((line) => line !== declaration && mention.test(JSON.stringify(line)));
    if (first?.kind !== 'set' || first.target !== declaration.name) continue;
    if (mention.test(JSON.stringify(first.value))) continue;
    dropped.add(declaration);
    placed.set(first, { ...declaration, value: first.value });
  }
  const kept = lines.flatMap((line) => (dropped.has(line) ? [] : [placed.get(line) ?? line]));
  return kept.map((line) => constantUnlessSet(line, kept));
}

/** In a skeleton what assigns a variable may be a piece that is left to write. */
function constantUnlessSet(line: Line, lines: readonly Line[]): Line {
  if (line.kind !== 'let' || line.value === null) return line;
  if (JSON.stringify(lines).includes(`"kind":"set","target":"${line.name}"`)) return line;
  return {
    kind: 'const',
    pattern: line.type === null ? line.name : `${line.name}: ${line.type}`,
    value: line.value,
  };
}
