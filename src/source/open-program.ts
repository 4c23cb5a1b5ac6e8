/**
 * The one ts-morph project over the user's files. It is loaded when first asked, since most of a run
 * is done by syntax alone. It reads files and never writes one.
 */
import type { ts } from 'ts-morph';
import { Project, type SourceFile } from 'ts-morph';
import { MigrateError } from '../errors.js';
import { diagnosticsOf, type Diagnostic } from './diagnostics.js';
import { type ModuleFiles, readModuleFiles } from './module-files.js';
import { readCompilerOptions } from './read-compiler-options.js';

/** The compiler's own program, for those who look at types beyond what Program answers. */
export type CompilerProgram = ts.Program;

export interface Program {
  /** Options in force, after the defaults of TypeScript 5 were filled in. */
  readonly compilerOptions: ts.CompilerOptions;
  /** The checker over the texts as they are now; valid until texts change. */
  readonly checker: ts.TypeChecker;
  /** Throws MigrateError when the file cannot be read. */
  getSourceFile(path: string): SourceFile;
  /** Absolute paths of the modules that import one of these directly; their types may depend on them. */
  importersOf(files: readonly string[]): readonly string[];
  /** Syntax and type errors of these files; a file that does not exist has none. */
  diagnostics(files: readonly string[]): readonly Diagnostic[];
  /**
   * Diagnostics of `files` (by default the changed ones) as if the texts stood in those paths, new
   * files included. Afterwards everything is as it was, but nodes got earlier are stale.
   * @param inspect is called while the texts stand there.
   */
  withTexts(
    changes: readonly FileText[],
    files?: readonly string[],
    inspect?: (program: ts.Program) => void,
  ): readonly Diagnostic[];
}

export interface FileText {
  /** Absolute path. */
  readonly path: string;
  /** The whole text; a BOM is allowed. */
  readonly text: string;
}

/** Nothing is read before the first question. A tsconfig that does not load throws MigrateError then. */
export function openProgram(options: {
  readonly tsconfig: string | null;
  readonly files: readonly string[];
}): Program {
  let loaded: Loaded | null = null;
  const load = (): Loaded => (loaded ??= loadProject(options.tsconfig, options.files));
  const project = (): Project => load().project;
  // The texts outside of `withTexts` are always the same ones, so what was found of them stays true.
  const known = new Map<string, readonly Diagnostic[]>();
  const evaluate = (files: readonly string[]): readonly (readonly [string, readonly Diagnostic[]])[] => {
    for (const path of files) {
      if (project().getSourceFile(path) === undefined) project().addSourceFileAtPathIfExists(path);
    }
    const program = project().getProgram().compilerObject;
    return [...new Set(files)].map((path) => {
      const file = program.getSourceFile(path);
      return [path, file ? diagnosticsOf(program, file) : []];
    });
  };
  const diagnostics = (files: readonly string[]): readonly Diagnostic[] => {
    const unknown = files.filter((path) => !known.has(path));
    if (unknown.length > 0) for (const [path, found] of evaluate(unknown)) known.set(path, found);
    return [...new Set(files)].flatMap((path) => known.get(path) ?? []);
  };
  return {
    get compilerOptions() {
      return project().compilerOptions.get();
    },
    get checker() {
      return project().getTypeChecker().compilerObject;
    },
    getSourceFile: (path) => sourceFile(project(), path),
    importersOf: (files) => load().modules.importersOf(files),
    diagnostics,
    withTexts(changes, files = changes.map(({ path }) => path), inspect = () => undefined) {
      const restore = changes.map((change) => place(project(), change));
      try {
        const found = evaluate(files).flatMap(([, diagnostics]) => diagnostics);
        inspect(project().getProgram().compilerObject);
        return found;
      } finally {
        for (const undo of restore.reverse()) undo();
      }
    },
  };
}

interface Loaded {
  readonly project: Project;
  readonly modules: ModuleFiles;
}

/**
 * Of a tsconfig's files only those that are asked about, what they import, and what is in force everywhere.
 * Files that it does not list are reached from listed ones, which then are all loaded.
 */
function loadProject(tsconfig: string | null, files: readonly string[]): Loaded {
  const { compilerOptions, fileNames } = readCompilerOptions(tsconfig, files);
  const modules = readModuleFiles([...new Set([...fileNames, ...files])], compilerOptions);
  const project = new Project({
    compilerOptions,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
  });
  const listed = new Set(fileNames);
  const needed = files.every((path) => listed.has(path)) ? modules.ambient : fileNames;
  for (const path of new Set([...needed, ...files])) project.addSourceFileAtPathIfExists(path);
  return { project, modules };
}

function sourceFile(project: Project, path: string): SourceFile {
  const file = project.getSourceFile(path) ?? project.addSourceFileAtPathIfExists(path);
  if (file) return file;
  throw new MigrateError('file-not-read', `${path} cannot be read`, {
    hint: 'Check that the file exists and that you may read it.',
  });
}

/** Puts one text in place and returns what takes it back. */
function place(project: Project, change: FileText): () => void {
  const text = change.text.replace(/^\uFEFF/, '');
  const existing = project.getSourceFile(change.path) ?? project.addSourceFileAtPathIfExists(change.path);
  if (existing === undefined) {
    const made = project.createSourceFile(change.path, text);
    return () => project.removeSourceFile(made);
  }
  const before = existing.getFullText();
  existing.replaceWithText(text);
  return () => {
    existing.replaceWithText(before);
  };
}
