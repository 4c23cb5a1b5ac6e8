/** The expression that takes a call's place as text for an editor, and the edited text as a draft again. */
import { posix } from 'node:path';
import { ts } from 'ts-morph';
import { bindingAt, writtenBindings } from '../2-find/collected-arguments.js';
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import type { Code, Line } from '../5-translate/code.js';
import type { InlineDraft } from '../5-translate/draft.js';
import { printCode } from '../5-translate/print/print-code.js';
import { printLines } from '../5-translate/print/print-lines.js';
import { formatModule } from './format-module.js';
import { importBlock } from './module-files.js';
import type { PlaceContext, SourceView } from './place-context.js';
import { readWritten, type WrittenNames } from './read-written.js';
import { clientHome, siteNames, type SiteNames } from './site-names.js';
import { modulesFolder } from './support-file.js';
import { visibleNames } from './visible-names.js';
import { readWrittenText, type EditProblem } from './written-text.js';

/** Imports, the constants that stand before the statement, and the expression, un-awaited. */
export async function editableInline(
  site: ResolvedSite,
  use: ResultUse,
  draft: InlineDraft,
  context: PlaceContext,
): Promise<string> {
  const view = await context.view(site.site.file);
  const { names } = namesAt(site, use, view, context);
  const constants = printLines(draft.prelude ?? [], names);
  const query = printCode(draft.query, names);
  const head = importBlock(view.path, names.needs(), context, view.style);
  const text = [head, '', constants, `${query};`].join('\n');
  return formatModule(`${text.trim()}\n`, view.path, view.style, context.project.packageFile);
}

/** The draft with the edited text for its query; what the site does with the value stays. */
export async function readInlineEdit(
  text: string,
  site: ResolvedSite,
  use: ResultUse,
  draft: InlineDraft,
  context: PlaceContext,
): Promise<InlineDraft | EditProblem> {
  const view = await context.view(site.site.file);
  const { names, support } = namesAt(site, use, view, context);
  printLines(draft.prelude ?? [], names);
  printCode(draft.query, names);
  const home = {
    path: view.path,
    needs: names.needs(),
    view,
    routine: (path: string, name: string): Code | null =>
      path === support ? { kind: 'routine', module: 'support', name } : null,
  };
  const read = readWrittenText(text, home, context);
  if ('problem' in read) return read;
  const { source, statements } = read;
  const expressions = expressionsAt(site, names);
  const written: WrittenNames = { expressions, imported: read.imported };
  const last = statements.at(-1);
  if (last === undefined || !ts.isExpressionStatement(last)) {
    return { problem: ['the text has to end with the expression that takes the place of the call'] };
  }
  const unknown = new Set<string>();
  const prelude: Line[] = [];
  for (const statement of statements.slice(0, -1)) {
    const constant = constantOf(statement);
    if (constant === null) return { problem: ['only imports and constants may stand before the expression'] };
    const value = readWritten([constant.initializer], source, written, unknown);
    const pattern = constant.name.getText(source);
    prelude.push({ kind: 'const', pattern, value });
    expressions.set(pattern, { kind: 'local', name: pattern });
  }
  const expression = ts.isAwaitExpression(last.expression) ? last.expression.expression : last.expression;
  const query = readWritten([expression], source, written, unknown);
  if (unknown.size > 0) {
    return {
      problem: [...unknown].map(
        (name) => `\`${name}\` is no import and no argument of the call: the proof has no value for it`,
      ),
    };
  }
  const { rawResult: _, prelude: __, ...rest } = draft;
  return {
    ...rest,
    ...(prelude.length === 0 ? {} : { prelude }),
    query,
    describable: draft.describable.length === 1 && prelude.length === 0 ? [query] : [],
  };
}

function constantOf(
  statement: ts.Statement,
): { readonly name: ts.Identifier; readonly initializer: ts.Expression } | null {
  if (!ts.isVariableStatement(statement)) return null;
  const { declarations, flags } = statement.declarationList;
  const [only] = declarations;
  if (declarations.length !== 1 || (flags & ts.NodeFlags.Const) === 0) return null;
  if (only?.initializer === undefined || !ts.isIdentifier(only.name)) return null;
  return { name: only.name, initializer: only.initializer };
}

function namesAt(
  site: ResolvedSite,
  use: ResultUse,
  view: SourceView,
  context: PlaceContext,
): { readonly names: SiteNames; readonly support: string } {
  const support = posix.join(
    modulesFolder(clientHome(use.client, view, context), view, context),
    'support.ts',
  );
  const visible = visibleNames(view.source, use.target.start);
  const argument = (position: number): string =>
    bindingAt(site, position)?.argument?.hole?.expression ?? 'undefined';
  const names = siteNames(use.client, visible, argument, view, context, (_module, name) => ({
    path: support,
    name,
  }));
  return { names, support };
}

/** The client, the transaction helper and what the call passes, by their text at the site. */
function expressionsAt(site: ResolvedSite, names: SiteNames): Map<string, Code> {
  const found = new Map<string, Code>();
  for (const { argument, position } of writtenBindings(site)) {
    for (const hole of argument?.holes ?? []) {
      const whole = argument?.hole?.index === hole.index;
      found.set(
        hole.expression,
        whole ? { kind: 'argument', position } : { kind: 'local', name: hole.expression },
      );
    }
  }
  found.set(names.transaction, { kind: 'transaction' });
  found.set(names.executor, { kind: 'executor' });
  return found;
}
