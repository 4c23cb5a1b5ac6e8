/** How a file is written: the options with which the formatter lays out what is put into it. */
import { posix } from 'node:path';
import { resolveConfig, resolveConfigFile, type Options } from 'prettier';
import { ts } from 'ts-morph';

export interface FileStyle {
  readonly printWidth: number;
  readonly tabWidth: number;
  readonly useTabs: boolean;
  readonly semi: boolean;
  readonly singleQuote: boolean;
  readonly trailingComma: 'all' | 'es5' | 'none';
  readonly bracketSpacing: boolean;
  readonly arrowParens: 'always' | 'avoid';
  readonly quoteProps: 'as-needed' | 'consistent' | 'preserve';
}

/**
 * The user's Prettier configuration when it is data (.prettierrc, package.json, .editorconfig), else what the
 * text itself shows. Configuration that is code is not run.
 */
export async function readFileStyle(path: string, source: ts.SourceFile): Promise<FileStyle> {
  const inferred = inferStyle(source);
  const configured = await dataConfiguration(path);
  return configured === null
    ? inferred
    : { ...(configured.complete ? prettierDefaults : inferred), ...configured.options };
}

/** Style by what the text does most. */
export function inferStyle(source: ts.SourceFile): FileStyle {
  const { text } = source;
  const lines = text.split(/\r?\n/);
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const longest = Math.max(0, ...lines.map((line) => line.length));
  return {
    printWidth: Math.min(100, Math.max(80, longest)),
    ...inferIndent(lines),
    semi: endsInSemicolons(source),
    singleQuote: quoteTally(source) >= 0,
    trailingComma:
      count(/[^\s,{[(],\s*\n\s*[}\])]/g) >= count(/[^\s,;{}[(]\s*\n\s*[}\])]+[;,)]/g) ? 'all' : 'none',
    bracketSpacing: count(/\{ \w/g) >= count(/[^$]\{\w/g),
    arrowParens: count(/\(\w+\) =>/g) >= count(/[^\w.)]\w+ =>/g) ? 'always' : 'avoid',
    quoteProps: 'as-needed',
  };
}

/** One step of indentation. */
export function indentUnit({ useTabs, tabWidth }: FileStyle): string {
  return useTabs ? '\t' : ' '.repeat(tabWidth);
}

/** A string literal as the file writes them. */
export function quoteAs(text: string, { singleQuote }: FileStyle): string {
  const double = JSON.stringify(text);
  return singleQuote ? `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : double;
}

export const prettierDefaults: FileStyle = {
  printWidth: 80,
  tabWidth: 2,
  useTabs: false,
  semi: true,
  singleQuote: false,
  trailingComma: 'all',
  bracketSpacing: true,
  arrowParens: 'always',
  quoteProps: 'as-needed',
};

async function dataConfiguration(
  path: string,
): Promise<{ readonly options: Partial<FileStyle>; readonly complete: boolean } | null> {
  try {
    const file = await resolveConfigFile(path);
    const code = file !== null && /\.(?:[cm]?[jt]s)$/.test(file);
    // Editorconfig alone says nothing of quotes and semicolons, so the text goes on deciding those.
    const found = await resolveConfig(
      path,
      code ? { config: noConfiguration, editorconfig: true } : { editorconfig: true },
    );
    return found === null ? null : { options: known(found), complete: file !== null && !code };
  } catch {
    return null;
  }
}

/** A configuration file that is never there makes Prettier read the editorconfig only. */
const noConfiguration = posix.join('/', 'nowhere', '.prettierrc.json');

function known(options: Options): Partial<FileStyle> {
  const keys = Object.keys(prettierDefaults) as (keyof FileStyle)[];
  return Object.fromEntries(keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}

function inferIndent(lines: readonly string[]): { readonly useTabs: boolean; readonly tabWidth: number } {
  const tally = new Map<number, number>();
  let tabs = 0;
  let previous = 0;
  for (const line of lines) {
    if (line.trim() === '' || /^\s*\*/.test(line)) continue;
    if (line.startsWith('\t')) tabs++;
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    const step = indent - previous;
    if (step === 2 || step === 4 || step === 8 || step === 3) tally.set(step, (tally.get(step) ?? 0) + 1);
    previous = indent;
  }
  const [best] = [...tally].sort((a, b) => b[1] - a[1]);
  const spaces = best?.[1] ?? 0;
  return { useTabs: tabs > spaces, tabWidth: best?.[0] ?? 2 };
}

function endsInSemicolons(source: ts.SourceFile): boolean {
  let balance = 0;
  const visit = (node: ts.Node): void => {
    if (
      ts.isVariableStatement(node) ||
      ts.isExpressionStatement(node) ||
      ts.isImportDeclaration(node) ||
      ts.isReturnStatement(node)
    ) {
      balance += source.text[node.end - 1] === ';' ? 1 : -1;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return balance >= 0;
}

/** Single minus double quoted string literals; those that hold a quote say nothing. */
function quoteTally(source: ts.SourceFile): number {
  let balance = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && !/['"]/.test(node.text) && !ts.isJsxAttribute(node.parent)) {
      balance += source.text[node.getStart(source)] === "'" ? 1 : -1;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return balance;
}
