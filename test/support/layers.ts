/** The rule of the house about who imports whom, as a function over source texts. */
import { posix } from 'node:path';
import { ts } from 'ts-morph';

/** One broken rule in one file, as a sentence. */
export type Breach = string;

/** Folders and root modules that every stage may import. */
const foundation = ['io', 'sql', 'source', 'options', 'errors', 'reasons'];
/** These see every stage at once. */
const composition = ['pipeline', 'cli', 'commands', 'index', 'eslint'];

/** What a part of src outside the stages may import from src, beside itself. */
const allowedFor: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  reasons: [],
  config: ['errors', 'io'],
  options: ['config', 'errors', 'io'],
  io: foundation,
  sql: foundation,
  source: foundation,
  guard: [...foundation, '1-read', '2-find', '3-parse', '4-classify'],
  surge: ['io', 'errors', 'options'],
  health: ['io', 'errors', 'options'],
};

const systemParts = ['io', 'cli', 'commands', 'surge', 'health'];
/** A worker's entry file is a program of its own. */
const isEntry = (path: string) => path.endsWith('-worker.ts');

const packageRules: readonly { readonly modules: RegExp; readonly parts: readonly string[] }[] = [
  {
    modules: /^(pg|postgres|node:fs|node:fs\/promises|fs|node:process|process)$/,
    parts: systemParts,
  },
  { modules: /^@electric-sql\//, parts: ['io', '7-prove'] },
  {
    modules: /^(ts-morph|@ts-morph\/common)$/,
    parts: ['source', '1-read', '2-find', '6-rewrite', '7-prove', 'guard'],
  },
  { modules: /^(libpg-query|@pgsql\/types|pgsql-ast-parser)$/, parts: ['sql'] },
  { modules: /^(commander|ora)$/, parts: ['io', 'cli', 'commands'] },
  { modules: /^(inquirer|@inquirer\/core)$/, parts: ['io', '8-review', 'commands'] },
];

/** Checks the texts of files by their path from src, e.g. `2-find/call-site.ts`. */
export function findBreaches(files: ReadonlyMap<string, string>): Breach[] {
  return [...files].flatMap(([path, text]) => fileBreaches(path, text));
}

function fileBreaches(path: string, text: string): Breach[] {
  const part = partOf(path);
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = importedModules(file).flatMap((module) =>
    module.startsWith('.')
      ? relativeBreach(path, part, posix.join(posix.dirname(path), module))
      : packageRules
          .filter(({ modules, parts }) => modules.test(module) && !parts.includes(part))
          .map(() => `${path} imports ${module}, which ${part} may not`),
  );
  const usesProcess = !systemParts.includes(part) && !isEntry(path) && readsProcess(file);
  return usesProcess ? [...imports, `${path} reads process, which ${part} may not`] : imports;
}

function relativeBreach(path: string, part: string, target: string): Breach[] {
  if (target.startsWith('..')) return [`${path} imports ${target}, which lies outside src`];
  const targetPart = partOf(target);
  return targetPart === part || mayImport(part, targetPart)
    ? []
    : [`${path} imports ${target}, and ${part} may not import from ${targetPart}`];
}

function mayImport(part: string, target: string): boolean {
  if (composition.includes(part))
    return part !== 'pipeline' || !['cli', 'commands', 'index'].includes(target);
  const stage = stageNumber(part);
  if (stage === null) return allowedFor[part]?.includes(target) ?? false;
  const targetStage = stageNumber(target);
  return targetStage === null ? foundation.includes(target) : targetStage < stage;
}

/** `2-find` for `2-find/call-site.ts`, `options` for `options.ts`. */
function partOf(path: string): string {
  const [first = ''] = path.split('/');
  return first.replace(/\.[jt]s$/, '');
}

function stageNumber(part: string): number | null {
  const found = /^(\d+)-/.exec(part);
  return found ? Number(found[1]) : null;
}

/** Every module that the file names: imports, re-exports, import types, import() and require(). */
function importedModules(file: ts.SourceFile): string[] {
  const modules: string[] = [];
  const add = (node: ts.Node | undefined) => {
    if (node && ts.isStringLiteralLike(node)) modules.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isExternalModuleReference(node)) add(node.expression);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const isImport = expression.kind === ts.SyntaxKind.ImportKeyword;
      if (isImport || (ts.isIdentifier(expression) && expression.text === 'require')) add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return modules;
}

/** Whether the global `process` is read; a property or a local of that name is not it. */
function readsProcess(file: ts.SourceFile): boolean {
  let declared = false;
  let read = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'process') {
      const { parent } = node;
      const isMember =
        (ts.isPropertyAccessExpression(parent) && parent.name === node && !isGlobalThis(parent.expression)) ||
        ((ts.isPropertyAssignment(parent) ||
          ts.isPropertySignature(parent) ||
          ts.isMethodDeclaration(parent)) &&
          parent.name === node);
      const isDeclaration =
        (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isFunctionDeclaration(parent)) &&
        parent.name === node;
      if (isDeclaration) declared = true;
      else if (!isMember) read = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return read && !declared;
}

function isGlobalThis(node: ts.Node): boolean {
  return ts.isIdentifier(node) && node.text === 'globalThis';
}
