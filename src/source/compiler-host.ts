/**
 * What the compiler reads: files of the disk, the standard libraries that come with it, and texts that stand in
 * for files. Each file is parsed once, however many programs are made of it.
 */
import { getLibFiles, libFolderInMemoryPath } from '@ts-morph/common';
import { ts } from 'ts-morph';
import { denoModules, denoTarget } from './deno-modules.js';

export interface TextHost {
  readonly host: ts.CompilerHost;
  /** What is read in place of the disk, by absolute path; whole texts without a BOM. Empty takes all of them back. */
  stand(texts: ReadonlyMap<string, string>): void;
}

/**
 * A host for programs of these options; another set of options needs another one.
 * @param deno modules are named as Deno names them.
 */
export function openTextHost(options: ts.CompilerOptions, deno = false): TextHost {
  const disk = ts.createCompilerHost(options);
  const parsed = new Map<string, ts.SourceFile>();
  let standing: ReadonlyMap<string, string> = new Map();
  let parsedStanding = new Map<string, ts.SourceFile>();

  const readFile = (path: string): string | undefined =>
    standing.get(path) ?? libraryText(path) ?? disk.readFile(path);
  const host: ts.CompilerHost = {
    ...disk,
    // As in the compiler's own command: comments that say nothing on types are not parsed.
    jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors,
    getDefaultLibLocation: () => libFolderInMemoryPath,
    getDefaultLibFileName: (chosen) => `${libFolderInMemoryPath}/${ts.getDefaultLibFileName(chosen)}`,
    fileExists: (path) => standing.has(path) || libraryText(path) !== undefined || disk.fileExists(path),
    directoryExists: (path) =>
      [...standing.keys()].some((file) => file.startsWith(`${path}/`)) ||
      disk.directoryExists?.(path) !== false,
    readFile,
    getSourceFile(path, parsing) {
      const known = standing.has(path) ? parsedStanding : parsed;
      const file = known.get(path) ?? parse(path, readFile(path), parsing);
      if (file !== undefined) known.set(path, file);
      return file;
    },
  };
  if (deno) host.resolveModuleNameLiterals = resolveAsDeno(host);
  return {
    host,
    stand(texts) {
      standing = texts;
      parsedStanding = new Map();
    },
  };
}

/** A package is what is installed under its bare name; what is not there stays unresolved. */
function resolveAsDeno(host: ts.CompilerHost): NonNullable<ts.CompilerHost['resolveModuleNameLiterals']> {
  return (literals, from, redirected, options, file) => {
    const modules = from.includes('/node_modules/') ? null : denoModules(from, file.text, host);
    return literals.map((literal) => {
      const target = modules === null ? null : denoTarget(literal.text, from, modules, host);
      const name = target === null ? literal.text : 'file' in target ? target.file : target.package;
      const mode = ts.getModeForUsageLocation(file, literal, options);
      return ts.resolveModuleName(name, from, options, host, undefined, redirected, mode);
    });
  };
}

/** Only the user's own trees are walked upwards before the checker has seen them. */
function parse(
  path: string,
  text: string | undefined,
  parsing: ts.ScriptTarget | ts.CreateSourceFileOptions,
): ts.SourceFile | undefined {
  return text === undefined
    ? undefined
    : ts.createSourceFile(path, text, parsing, !/\.d\.[cm]?ts$/.test(path));
}

let libraries: ReadonlyMap<string, string> | null = null;

function libraryText(path: string): string | undefined {
  if (!path.startsWith(`${libFolderInMemoryPath}/`)) return undefined;
  libraries ??= new Map(getLibFiles().map(({ fileName, text }) => [fileName, text]));
  return libraries.get(path.slice(libFolderInMemoryPath.length + 1));
}
