/**
 * Files that reach one another through their imports, taken together. What holds of all that a file reaches is
 * computed once for each such component from those that it imports, in time linear in files and imports.
 */
import type { ImportGraph } from './import-graph.js';

/** Paths of files each of which reaches all others; most hold one file. */
export type ImportComponent = readonly string[];

/**
 * An answer for each file of the graph, the same for all files of a component.
 * @param answer is asked once per component, with the answers of the components that it imports, without its own.
 */
export function foldImports<Answer>(
  graph: Pick<ImportGraph, 'files' | 'importsOf'>,
  answer: (component: ImportComponent, imported: ReadonlySet<Answer>) => Answer,
): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  for (const component of importComponents(graph)) {
    const own = new Set(component);
    const imported = new Set<Answer>();
    for (const path of component) {
      for (const next of graph.importsOf(path)) {
        if (!own.has(next)) imported.add(answers.get(next) as Answer);
      }
    }
    const found = answer(component, imported);
    for (const path of component) answers.set(path, found);
  }
  return answers;
}

interface Visit {
  readonly path: string;
  readonly index: number;
  /** The least index that its search has come back to. */
  low: number;
  readonly waiting: Iterator<string>;
}

/**
 * The components of the graph, each after all that it imports: Tarjan's algorithm, with a stack of its own since a
 * chain of imports may be longer than the engine's.
 */
function importComponents({
  files,
  importsOf,
}: Pick<ImportGraph, 'files' | 'importsOf'>): readonly ImportComponent[] {
  const components: ImportComponent[] = [];
  const indices = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const enter = (path: string): Visit => {
    const index = indices.size;
    indices.set(path, index);
    open.push(path);
    isOpen.add(path);
    return { path, index, low: index, waiting: importsOf(path)[Symbol.iterator]() };
  };
  const close = (path: string): ImportComponent => {
    const component = open.splice(open.lastIndexOf(path));
    for (const one of component) isOpen.delete(one);
    return component;
  };
  for (const start of files.keys()) {
    if (indices.has(start)) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const next = visit.waiting.next();
      if (next.done !== true) {
        const known = indices.get(next.value);
        if (known === undefined) visits.push(enter(next.value));
        else if (isOpen.has(next.value)) visit.low = Math.min(visit.low, known);
        continue;
      }
      visits.pop();
      const outer = visits.at(-1);
      if (outer !== undefined) outer.low = Math.min(outer.low, visit.low);
      if (visit.low === visit.index) components.push(close(visit.path));
    }
  }
  return components;
}
