/** What placing needs to know of the project and of each file, opened once and shared by all sites. */
import { ts } from 'ts-morph';
import type { UserProject } from '../1-read/user-project.js';
import { splitByteOrderMark } from './apply-edits.js';
import { readFileImports, type FileImports } from './file-imports.js';
import { readFileStyle, type FileStyle } from './file-style.js';
import type { ImportResolver } from './import-resolver.js';
import { openLocalNames, type LocalNames } from './local-names.js';
import { freeNames } from './visible-names.js';

export interface PlaceContext {
  readonly project: UserProject;
  readonly resolver: ImportResolver;
  /** That of the tsconfig which governs a file, where files of several are written. */
  readonly resolverFor?: (path: string) => ImportResolver;
  /** Absolute folder for generated modules, or null: `routines/` beside the client's file. */
  readonly out: string | null;
  /** The file's view; the same one on every call. */
  view(path: string): Promise<SourceView>;
  /** What each path of a generated module was given to in this run, by the routine's documentation. */
  readonly claimed: Map<string, string>;
  /** Styles of the files viewed so far, for assembling. */
  readonly styles: Map<string, FileStyle>;
  /** Text of a file as on disk, or null when there is none. */
  existing(path: string): string | null;
}

export interface SourceView {
  readonly path: string;
  /** Without a byte order mark: what offsets refer to. */
  readonly text: string;
  readonly source: ts.SourceFile;
  readonly imports: FileImports;
  readonly names: LocalNames;
  readonly style: FileStyle;
  /** .js, .jsx, .mjs, .cjs: no types may be written. */
  readonly javascript: boolean;
  readonly jsx: boolean;
}

/** @param files texts as on disk by absolute path; `existing` answers for other paths. */
export function openPlaceContext(options: {
  readonly project: UserProject;
  readonly resolver: ImportResolver;
  readonly files: ReadonlyMap<string, string>;
  readonly existing: (path: string) => string | null;
  readonly out?: string | null;
  /** Shared by the contexts of one run. */
  readonly claimed?: Map<string, string>;
  readonly resolverFor?: (path: string) => ImportResolver;
}): PlaceContext {
  const views = new Map<string, Promise<SourceView>>();
  const styles = new Map<string, FileStyle>();
  const open = async (path: string): Promise<SourceView> => {
    const view = await openView(path, existing(path));
    styles.set(path, view.style);
    return view;
  };
  const existing = (path: string): string | null => options.files.get(path) ?? options.existing(path);
  return {
    project: options.project,
    resolver: options.resolver,
    ...(options.resolverFor === undefined ? {} : { resolverFor: options.resolverFor }),
    out: options.out ?? null,
    existing,
    claimed: options.claimed ?? new Map<string, string>(),
    styles,
    view(path) {
      const known = views.get(path) ?? open(path);
      views.set(path, known);
      return known;
    },
  };
}

async function openView(path: string, raw: string | null): Promise<SourceView> {
  if (raw === null) throw new Error(`No text was given for ${path}`);
  const { text } = splitByteOrderMark(raw);
  const source = parseSource(path, text);
  const imports = readFileImports(source);
  return {
    path,
    text,
    source,
    imports,
    names: openLocalNames(imports, freeNames(source)),
    style: await readFileStyle(path, source),
    javascript: /\.[cm]?jsx?$/.test(path),
    jsx: /\.[jt]sx$/.test(path) || /\.js$/.test(path),
  };
}

/** Syntax of one file, with parents, by the extension of its path. */
export function parseSource(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}
