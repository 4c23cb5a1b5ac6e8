/** New diagnostics of changed files, then of the modules that use them, however far away. */
import { assemble } from '../6-rewrite/assemble.js';
import type { FileChange, SitePlan } from '../6-rewrite/site-plan.js';
import { checkTypes, type NewDiagnostic } from '../7-prove/check-types.js';
import type { CompilerProgram, Program } from '../source/open-program.js';
import type { Part } from './open-parts.js';

/**
 * The importers are looked at only when the changed files themselves are clean: an exported function whose
 * inferred type the edit changes may break a caller in another file, and that costs a look at the whole program.
 */
export function checkChanges(
  part: Part,
  plans: readonly SitePlan[],
  inspect: (program: CompilerProgram, changes: readonly FileChange[]) => void = () => undefined,
): readonly NewDiagnostic[] {
  const changes = assemble(plans, part.texts, part.place);
  const own = checkTypes(part.program, changes, [], (program) => inspect(program, changes));
  if (own.length > 0 || changes.length === 0) return own;
  const importers = importersOf(
    part.program,
    changes.flatMap(({ path, before }) => (before === null ? [] : [path])),
  );
  return importers.length === 0 ? [] : culprits(part, plans, importers);
}

/** Halves the plans until each diagnostic outside the changed files has the sites that bring it. */
function culprits(
  part: Part,
  plans: readonly SitePlan[],
  importers: readonly string[],
): readonly NewDiagnostic[] {
  const changes = assemble(plans, part.texts, part.place);
  const found = checkTypes(part.program, changes, importers);
  if (found.length === 0 || plans.length <= 1) return found;
  const middle = Math.ceil(plans.length / 2);
  const narrowed = [plans.slice(0, middle), plans.slice(middle)].flatMap((half) =>
    culprits(part, half, importers),
  );
  // Edits that only together bring it are blamed together.
  return narrowed.length > 0 ? narrowed : found;
}

/** An inferred type travels through every module that hands it on. */
function importersOf(program: Program, files: readonly string[]): readonly string[] {
  const seen = new Set(files);
  let edge = files;
  while (edge.length > 0) {
    edge = program.importersOf(edge).filter((path) => !seen.has(path));
    for (const path of edge) seen.add(path);
  }
  return [...seen].filter((path) => !files.includes(path));
}
