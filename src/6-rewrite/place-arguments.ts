/**
 * TypeScript of the routine's arguments at a site. What may not stand twice, nowhere or in another order is
 * evaluated once, before the statement, as it was.
 */
import { ts } from 'ts-morph';
import type { SiteRefusal } from '../2-find/call-site.js';
import { bindingAt, writtenBindings } from '../2-find/collected-arguments.js';
import type { Binding, ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse, TextEdit } from '../2-find/result-use.js';
import { indentAt } from './lay-out.js';
import type { SourceView } from './place-context.js';
import { parameterName } from '../5-translate/names.js';
import type { ArgumentPlace } from './walk-code.js';

export interface PlacedArguments {
  /** Throws for a position that has no expression of TypeScript: then the draft is wrong. */
  text(position: number): string;
  /** Insertions before the statement, in order of evaluation. */
  readonly hoists: readonly TextEdit[];
}

export function placeArguments(
  site: ResolvedSite,
  use: ResultUse,
  places: readonly ArgumentPlace[],
  bound: ReadonlySet<string>,
  visible: ReadonlySet<string>,
  view: SourceView,
): PlacedArguments | SiteRefusal {
  const written = writtenBindings(site);
  const once = written.filter((binding) => isSingleUse(binding, use));
  const needed = once.some((binding) => mustHoist(binding, places, bound)) || !inOrder(once, places);
  const captured = written.filter(
    (binding) => !once.includes(binding) && isUsed(binding, places) && captures(binding, bound),
  );
  const hoisted = new Map<number, string>();
  const hoists: TextEdit[] = [];
  for (const binding of needed ? [...once, ...captured] : captured) {
    if (use.hoistPoint === null)
      return { reason: 'unsupported', detail: 'argument evaluated more than once' };
    const expression = binding.argument?.hole?.expression ?? '';
    const name = isUsed(binding, places)
      ? view.names.fresh(
          parameterName(binding.parameter.name, binding.position),
          new Set([...visible, ...bound]),
        )
      : null;
    if (name !== null) hoisted.set(binding.position, name);
    hoists.push(insertion(name, expression, use.hoistPoint, view));
  }
  return {
    hoists,
    text: (position) => hoisted.get(position) ?? expressionOf(site, position),
  };
}

/** An expression that may have effects, cost time or throw. */
function isSingleUse(binding: Binding, use: ResultUse): boolean {
  const hole = binding.argument?.hole;
  if (!hole) return false;
  const known = use.arguments.find((argument) => argument.hole === hole.index);
  return known?.repeatable !== true && !isPlain(hole.expression);
}

function isUsed(binding: Binding, places: readonly ArgumentPlace[]): boolean {
  return places.some((place) => place.position === binding.position);
}

function mustHoist(binding: Binding, places: readonly ArgumentPlace[], bound: ReadonlySet<string>): boolean {
  const own = places.filter((place) => place.position === binding.position);
  return own.length !== 1 || own.some((place) => place.deferred) || captures(binding, bound);
}

/** The expression mentions a name that the new code binds differently. */
function captures(binding: Binding, bound: ReadonlySet<string>): boolean {
  const words = binding.argument?.hole?.expression.match(/[A-Za-z_$][\w$]*/g) ?? [];
  return words.some((word) => bound.has(word));
}

/** The text evaluates the arguments in the order in which the old one did. */
function inOrder(bindings: readonly Binding[], places: readonly ArgumentPlace[]): boolean {
  const written = [...bindings].sort(
    (a, b) => (a.argument?.hole?.span.start ?? 0) - (b.argument?.hole?.span.start ?? 0),
  );
  const first = written.map((binding) => places.findIndex((place) => place.position === binding.position));
  return first.every((place, index) => index === 0 || place > (first[index - 1] ?? -1));
}

function expressionOf(site: ResolvedSite, position: number): string {
  const expression = bindingAt(site, position)?.argument?.hole?.expression;
  if (expression === undefined)
    throw new Error(`Argument ${position} of ${site.site.id} is no expression of TypeScript`);
  return hasComma(expression) ? `(${expression})` : expression;
}

function hasComma(expression: string): boolean {
  const statement = ts.createSourceFile('a.ts', `(${expression})`, ts.ScriptTarget.Latest).statements[0];
  if (
    !statement ||
    !ts.isExpressionStatement(statement) ||
    !ts.isParenthesizedExpression(statement.expression)
  )
    return true;
  const inner = statement.expression.expression;
  return ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.CommaToken;
}

function insertion(name: string | null, expression: string, point: number, view: SourceView): TextEdit {
  // Without semicolons a next line that begins so would be read as part of this one.
  const end = view.style.semi || /^[([`+\-/]/.test(view.text.slice(point)) ? ';' : '';
  const statement = name === null ? expressionStatement(expression) : `const ${name} = ${expression}`;
  return { start: point, end: point, text: `${statement}${end}\n${indentAt(view.text, point)}` };
}

function expressionStatement(expression: string): string {
  return /^(?:\{|function\b|class\b|async function\b|let\b|[([`+\-/])/.test(expression)
    ? `void (${expression})`
    : expression;
}

/** Names, fields and constants under operators: `note ?? null`. Evaluated again it gives the same and does nothing. */
function isPlain(expression: string): boolean {
  const [statement] = ts.createSourceFile('a.ts', `(${expression})`, ts.ScriptTarget.Latest).statements;
  return statement !== undefined && ts.isExpressionStatement(statement) && isPlainNode(statement.expression);
}

function isPlainNode(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node)) {
    return isPlainNode(node.expression);
  }
  if (ts.isPropertyAccessExpression(node)) return isPlainNode(node.expression);
  if (ts.isBinaryExpression(node)) {
    return plainOperators.has(node.operatorToken.kind) && isPlainNode(node.left) && isPlainNode(node.right);
  }
  if (ts.isConditionalExpression(node)) {
    return [node.condition, node.whenTrue, node.whenFalse].every(isPlainNode);
  }
  const constant = node.kind === ts.SyntaxKind.NullKeyword || node.kind === ts.SyntaxKind.ThisKeyword;
  return constant || ts.isIdentifier(node) || ts.isStringLiteral(node) || ts.isNumericLiteral(node);
}

/** Operators that never call a method of their operands. */
const plainOperators: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
