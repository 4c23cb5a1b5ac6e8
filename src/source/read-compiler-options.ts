/**
 * The compiler options of the user's project, as their own TypeScript understands them.
 * The compiler inside this program is TypeScript 6, whose defaults differ from 5: what a tsconfig
 * leaves unset gets the older default, so that no diagnostic appears that the user does not have.
 */
import { dirname } from 'node:path';
import { ts } from 'ts-morph';
import { MigrateError } from '../errors.js';

export interface ProgramOptions {
  readonly compilerOptions: ts.CompilerOptions;
  /** Absolute paths of what `include` and `files` name. */
  readonly fileNames: readonly string[];
}

const javaScript = /\.[cm]?jsx?$/;

/**
 * Reads a tsconfig with all it extends. A solution file that only refers to others gives way to the
 * referenced one that holds most of `files`. Throws MigrateError `tsconfig-not-loaded`.
 */
export function readCompilerOptions(tsconfig: string | null, files: readonly string[]): ProgramOptions {
  if (tsconfig === null) return withoutTsconfig(files);
  const parsed = chooseReferenced(parse(tsconfig), files);
  return { compilerOptions: complete(parsed.options, files), fileNames: parsed.fileNames };
}

function parse(tsconfig: string): ts.ParsedCommandLine {
  const read = ts.readConfigFile(tsconfig, ts.sys.readFile);
  if (read.error) throw notLoaded(tsconfig, read.error);
  // readConfigFile recovers from syntax errors in silence; the syntax tree keeps them.
  const tree = ts.readJsonConfigFile(tsconfig, ts.sys.readFile) as ts.TsConfigSourceFile & {
    readonly parseDiagnostics?: readonly ts.Diagnostic[];
  };
  const syntaxError = tree.parseDiagnostics?.[0];
  if (syntaxError) throw notLoaded(tsconfig, syntaxError);
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, dirname(tsconfig), undefined, tsconfig);
  const fatal = parsed.errors.find((error) => isFatal(error.code));
  if (fatal) throw notLoaded(tsconfig, fatal);
  return parsed;
}

/** A missing or circular `extends`, or a syntax error in it; unknown options and empty file lists are no obstacle. */
function isFatal(code: number): boolean {
  return code === 6053 || code === 5083 || code === 18000 || (code >= 1000 && code < 2000);
}

function notLoaded(tsconfig: string, diagnostic: ts.Diagnostic): MigrateError {
  const where =
    diagnostic.file && diagnostic.start !== undefined ? lineOf(diagnostic.file, diagnostic.start) : '';
  return new MigrateError('tsconfig-not-loaded', `${tsconfig}${where} does not load`, {
    detail: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    hint: 'Run `npx tsc --showConfig` in that folder until it passes, then run this again.',
  });
}

function lineOf(file: ts.SourceFile, start: number): string {
  return `:${file.getLineAndCharacterOfPosition(start).line + 1}`;
}

function chooseReferenced(parsed: ts.ParsedCommandLine, files: readonly string[]): ts.ParsedCommandLine {
  const held = (candidate: ts.ParsedCommandLine): number => {
    const names = new Set(candidate.fileNames);
    return files.filter((file) => names.has(file)).length;
  };
  let best = parsed;
  for (const reference of parsed.projectReferences ?? []) {
    const path = ts.resolveProjectReferencePath(reference);
    if (!ts.sys.fileExists(path)) continue;
    const candidate = parse(path);
    if (held(candidate) > held(best)) best = candidate;
  }
  return best;
}

function complete(options: ts.CompilerOptions, files: readonly string[]): ts.CompilerOptions {
  const older: ts.CompilerOptions = {
    strict: false,
    types: ['*'],
    noUncheckedSideEffectImports: false,
    ...(options.module === undefined && options.target === undefined && options.moduleResolution === undefined
      ? { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 }
      : {}),
  };
  const set = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    ...older,
    ...(files.some((file) => javaScript.test(file)) ? { allowJs: true } : {}),
    ...set,
    ignoreDeprecations: '6.0',
    noEmit: true,
    composite: false,
    incremental: false,
  };
}

function withoutTsconfig(files: readonly string[]): ProgramOptions {
  const compilerOptions: ts.CompilerOptions = {
    strict: true,
    types: ['*'],
    allowJs: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve,
    skipLibCheck: true,
    noEmit: true,
  };
  const first = files[0];
  // The place from which @types are looked up.
  if (first !== undefined) compilerOptions['configFilePath'] = `${dirname(first)}/tsconfig.json`;
  return { compilerOptions, fileNames: [] };
}
