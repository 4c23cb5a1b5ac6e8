/** One checkout: its SQL loaded, its calls found, and every routine that is no trigger's measured. */
import { calledNames, isCalled } from './called-names.js';
import { loadProject } from './load-project.js';
import { measureRoutines } from './measure-routines.js';

const triggerTypes = ['trigger', 'event_trigger'];

/** @param {{ prove: boolean, say: (text: string) => void }} options Whether translations are run; who is told how far the proof is. */
export async function measureProject(project, folder, options) {
  const name = project.repository.replace('/', '+');
  const { db, catalog, provided, statements, failed } = await loadProject(project, folder);
  try {
    const routines = catalog.routines.filter(
      (routine) =>
        !provided.has(routine.oid) &&
        routine.extension === null &&
        (routine.kind === 'function' || routine.kind === 'procedure') &&
        !triggerTypes.includes(catalog.types.get(routine.returnType)?.name ?? ''),
    );
    const { called, sites } = await calledNames(project, folder, catalog);
    const outcomes = (await measureRoutines(routines, catalog, db, { name, ...options })).map((outcome) => ({
      ...outcome,
      called: isCalled(outcome.routine, called),
    }));
    if (outcomes.length !== routines.length) throw new Error('A routine was lost on the way');
    return { statements, failed, sites, outcomes };
  } finally {
    await db.terminate();
  }
}
