/** A generated function's file as text for an editor, and the edited text as a draft again. */
import { ts } from 'ts-morph';
import type { Code } from '../5-translate/code.js';
import type { ModuleDraft } from '../5-translate/draft.js';
import { prettierDefaults } from './file-style.js';
import { moduleText } from './module-files.js';
import { parseSource, type PlaceContext } from './place-context.js';
import { readWritten } from './read-written.js';
import type { ModuleNeed, SitePlan } from './site-plan.js';
import { readWrittenText, type EditProblem } from './written-text.js';

/** The whole file; a problem where it is there from an earlier run and is not made anew. */
export function editableModule(plan: SitePlan, context: PlaceContext): string | EditProblem {
  const module = ownModule(plan);
  if (module === null)
    return { problem: ['the function is there from an earlier run: edit its file itself'] };
  return moduleText(module, context, context.styles.get(module.path) ?? prettierDefaults);
}

/** The draft with the edited body. Its signature is what other calls and the proof rely on, so it has to stay. */
export function readModuleEdit(
  text: string,
  plan: SitePlan,
  draft: ModuleDraft,
  context: PlaceContext,
): ModuleDraft | EditProblem {
  const module = ownModule(plan);
  if (module === null)
    return { problem: ['the function is there from an earlier run: edit its file itself'] };
  const home = {
    path: module.path,
    needs: module.imports,
    view: null,
    routine: (path: string, name: string): Code | null => generatedAt(path, name, plan, draft),
  };
  const read = readWrittenText(text, home, context);
  if ('problem' in read) return read;
  const { source, statements } = read;
  const [edited, ...others] = statements;
  const original = parseSource(module.path, module.text).statements.find(ts.isFunctionDeclaration);
  if (
    edited === undefined ||
    others.length > 0 ||
    !ts.isFunctionDeclaration(edited) ||
    edited.body === undefined
  ) {
    return { problem: ['only imports and the one function may stand in the file'] };
  }
  if (
    original === undefined ||
    signatureText(edited, source) !== signatureText(original, original.getSourceFile())
  ) {
    return { problem: ['the name, the parameters and the result of the function have to stay as they are'] };
  }
  const unknown = new Set<string>();
  const parameters = new Map<string, Code>(
    [draft.executor, ...draft.parameters.map(({ name }) => name)].map((name) => [
      name,
      { kind: 'local', name },
    ]),
  );
  if (draft.recursive === true)
    parameters.set(draft.name, { kind: 'routine', module: draft.documentation, name: draft.name });
  const names = { expressions: parameters, imported: read.imported };
  const { statements: lines } = edited.body;
  const [only] = lines;
  const returned =
    lines.length === 1 && only !== undefined && ts.isReturnStatement(only) ? only.expression : undefined;
  const body = readWritten(returned === undefined ? lines : [returned], source, names, unknown);
  if (unknown.size > 0) {
    return { problem: [...unknown].map((name) => `\`${name}\` is neither declared nor imported`) };
  }
  return {
    ...draft,
    body: [{ kind: returned === undefined ? 'expression' : 'return', value: body }],
    describable: [],
  };
}

/** The function's own comes first. */
function ownModule({ modules }: SitePlan): ModuleNeed | null {
  const [own] = modules;
  return own === undefined || own.exists === true || own.text === '' ? null : own;
}

/** A helper of the support file, or another generated function. */
function generatedAt(path: string, name: string, plan: SitePlan, draft: ModuleDraft): Code | null {
  if (plan.modules.some(({ support }) => support?.path === path))
    return { kind: 'routine', module: 'support', name };
  const at = plan.modules.findIndex((module) => module.path === path);
  const need = plan.modules[at];
  const callee = calledBy(draft).find((one) => one.name === need?.exports);
  return callee === undefined ? null : { kind: 'routine', module: callee.documentation, name };
}

function calledBy(draft: ModuleDraft): readonly ModuleDraft[] {
  return (draft.callees ?? []).flatMap((callee) => [callee, ...calledBy(callee)]);
}

/** Without white space and what a formatter may add. */
function signatureText(node: ts.FunctionDeclaration, source: ts.SourceFile): string {
  const end = node.body?.getStart(source) ?? node.end;
  return source.text
    .slice(node.getStart(source), end)
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/[\s,;]/g, '');
}
