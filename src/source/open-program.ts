/**
 * The one program over the user's files. It is loaded when first asked, since most of a run is done by
 * syntax alone. It reads files and never writes one.
 */
import { ts } from 'ts-morph';
import { MigrateError } from '../errors.js';
import { openTextHost, type TextHost } from './compiler-host.js';
import { denoModules } from './deno-modules.js';
import { diagnosticsOf, type Diagnostic } from './diagnostics.js';
import { type ModuleFiles, readModuleFiles } from './module-files.js';
import { readCompilerOptions } from './read-compiler-options.js';

/** The compiler's own program, for those who look at types beyond what Program answers. */
export type CompilerProgram = ts.Program;

export interface Program {
  /** Options in force, after the defaults of TypeScript 5 were filled in. */
  readonly compilerOptions: ts.CompilerOptions;
  /** The checker over the texts on disk; `withTexts` and a file that nobody knew of make a new one. */
  readonly checker: ts.TypeChecker;
  /** Another checker answers from here, over the same trees: what one has found out of types is never given back. */
  renewChecker(): void;
  /** Throws MigrateError when the file cannot be read. */
  getSourceFile(path: string): ts.SourceFile;
  /** Absolute paths of the modules that import one of these directly; their types may depend on them. */
  importersOf(files: readonly string[]): readonly string[];
  /** Syntax and type errors of these files; a file that does not exist has none. */
  diagnostics(files: readonly string[]): readonly Diagnostic[];
  /**
   * Diagnostics of `files` (by default the changed ones) as if the texts stood in those paths, new
   * files included. Afterwards everything is as it was, but another checker answers.
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
  // The texts outside of `withTexts` are always the same ones, so what was found of them stays true.
  const known = new Map<string, readonly Diagnostic[]>();
  const evaluate = (program: ts.Program, files: readonly string[]): [string, readonly Diagnostic[]][] =>
    [...new Set(files)].map((path) => {
      const file = program.getSourceFile(path);
      return [path, file ? diagnosticsOf(program, file) : []];
    });
  return {
    get compilerOptions() {
      return load().options;
    },
    get checker() {
      return load().onDisk([]).getTypeChecker();
    },
    renewChecker: () => {
      loaded?.renew();
    },
    getSourceFile: (path) => load().onDisk([path]).getSourceFile(path) ?? unreadable(path),
    importersOf: (files) => load().modules.importersOf(files),
    diagnostics(files) {
      const unknown = files.filter((path) => !known.has(path));
      if (unknown.length > 0) {
        for (const [path, found] of evaluate(load().onDisk(unknown), unknown)) known.set(path, found);
      }
      return [...new Set(files)].flatMap((path) => known.get(path) ?? []);
    },
    withTexts(changes, files = changes.map(({ path }) => path), inspect = () => undefined) {
      return load().changed(changes, files, (program) => {
        const found = evaluate(program, files).flatMap(([, diagnostics]) => diagnostics);
        inspect(program);
        return found;
      });
    },
  };
}

interface Loaded {
  readonly options: ts.CompilerOptions;
  readonly modules: ModuleFiles;
  /** The program of the texts on disk, with these files in it where they exist. */
  onDisk(files: readonly string[]): ts.Program;
  /** The next program of the texts on disk is a new one, made of the same trees. */
  renew(): void;
  /** What `ask` finds in the program in which the changes stand; `files` are in it too. */
  changed<Answer>(
    changes: readonly FileText[],
    files: readonly string[],
    ask: (program: ts.Program) => Answer,
  ): Answer;
}

/**
 * Of a tsconfig's files only those that are asked about, what they import, and what is in force everywhere.
 * Files that it does not list are reached from listed ones, which then are all loaded.
 */
function loadProject(tsconfig: string | null, files: readonly string[]): Loaded {
  const { compilerOptions, fileNames } = readCompilerOptions(tsconfig, files);
  const deno = tsconfig === null && files.some(isForDeno);
  const options = deno ? { ...compilerOptions, allowImportingTsExtensions: true } : compilerOptions;
  const modules = readModuleFiles([...new Set([...fileNames, ...files])], options);
  const listed = new Set(fileNames);
  const needed = files.every((path) => listed.has(path)) ? modules.ambient : fileNames;
  return { options, modules, ...openPrograms([...needed, ...files], options, openTextHost(options, deno)) };
}

function isForDeno(path: string): boolean {
  return denoModules(path, ts.sys.readFile(path) ?? null) !== null;
}

/** One program lives at a time, because its checker holds more than all trees: the next is made from the last. */
function openPrograms(
  files: readonly string[],
  options: ts.CompilerOptions,
  { host, stand }: TextHost,
): Pick<Loaded, 'onDisk' | 'renew' | 'changed'> {
  const roots = new Set(files.filter((path) => host.fileExists(path)));
  let last: { readonly program: ts.Program; readonly of: 'disk' | 'changes' } | null = null;
  const make = (rootNames: readonly string[], of: 'disk' | 'changes'): ts.Program => {
    const oldProgram = last?.program;
    last = null;
    const program = ts.createProgram({ rootNames, options, host, ...(oldProgram ? { oldProgram } : {}) });
    last = { program, of };
    return program;
  };
  const onDisk = (asked: readonly string[]): ts.Program => {
    const current = last?.of === 'disk' ? last.program : null;
    const unknown = asked.filter(
      (path) => current?.getSourceFile(path) === undefined && !roots.has(path) && host.fileExists(path),
    );
    for (const path of unknown) roots.add(path);
    return current !== null && unknown.length === 0 ? current : make([...roots], 'disk');
  };
  return {
    onDisk,
    renew: () => void make([...roots], 'disk'),
    changed(changes, asked, ask) {
      stand(new Map(changes.map(({ path, text }) => [path, text.replace(/^\uFEFF/, '')])));
      try {
        // New modules are reached from those that import them, and the same roots let the compiler reuse more.
        const program = make([...roots], 'changes');
        const paths = [...changes.map(({ path }) => path), ...asked];
        const unreached = paths.filter((path) => !program.getSourceFile(path) && host.fileExists(path));
        return ask(unreached.length === 0 ? program : make([...roots, ...unreached], 'changes'));
      } finally {
        stand(new Map());
      }
    },
  };
}

function unreadable(path: string): never {
  throw new MigrateError('file-not-read', `${path} cannot be read`, {
    hint: 'Check that the file exists and that you may read it.',
  });
}
