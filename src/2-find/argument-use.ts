/** What the checker knows of the values that a statement interpolates. */
import { ts } from 'ts-morph';
import type { Program } from '../source/open-program.js';
import { expressionAt, unwrap } from '../source/nodes.js';
import type { Hole } from './call-site.js';
import type { ArgumentUse } from './result-use.js';

type Member = ArgumentUse['members'][number];

/** Without strictNullChecks types do not tell null and undefined, so both may be. */
export function findArgumentUse(
  program: Pick<Program, 'checker' | 'compilerOptions'>,
  file: ts.SourceFile,
  hole: Hole,
): ArgumentUse {
  const node = expressionAt(file, hole.span.start, hole.span.end);
  if (!node) {
    return {
      hole: hole.index,
      type: 'unknown',
      mayBeUndefined: true,
      mayBeNull: true,
      members: ['any'],
      repeatable: false,
    };
  }
  const value = unwrap(node);
  const use = useOfType(program, program.checker.getTypeAtLocation(node), node, hole.index);
  const sure = isLiteral(value) ? { mayBeUndefined: false, mayBeNull: false } : {};
  return {
    ...use,
    ...sure,
    ...(isNamed(node, 'undefined') ? { mayBeUndefined: true } : {}),
    ...(value.kind === ts.SyntaxKind.NullKeyword ? { mayBeNull: true } : {}),
    repeatable: isRepeatable(node),
  };
}

/** What a type tells of a value that may be evaluated twice; `place` is where the type is named. */
export function useOfType(
  program: Pick<Program, 'checker' | 'compilerOptions'>,
  given: ts.Type,
  place: ts.Node,
  hole: number,
): ArgumentUse {
  const { checker, compilerOptions } = program;
  const type = checker.getBaseTypeOfLiteralType(given);
  const strict = compilerOptions.strictNullChecks ?? compilerOptions.strict ?? false;
  const parts = partsOf(checker, type);
  const unknown = parts.some((part) => (part.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0);
  const has = (flag: ts.TypeFlags): boolean =>
    !strict || unknown || parts.some((part) => (part.flags & flag) !== 0);
  return {
    hole,
    type: checker.typeToString(
      type,
      place,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope,
    ),
    mayBeUndefined: has(ts.TypeFlags.Undefined | ts.TypeFlags.Void),
    mayBeNull: has(ts.TypeFlags.Null),
    members: [...new Set(parts.flatMap((part) => memberOf(checker, part)))],
    repeatable: true,
  };
}

/** The union's members; a type parameter stands for its constraint. */
function partsOf(checker: ts.TypeChecker, type: ts.Type): readonly ts.Type[] {
  if (type.isUnion()) return type.types.flatMap((part) => partsOf(checker, part));
  const constraint =
    type.flags & ts.TypeFlags.Instantiable ? checker.getBaseConstraintOfType(type) : undefined;
  return constraint && constraint !== type ? partsOf(checker, constraint) : [type];
}

function memberOf(checker: ts.TypeChecker, type: ts.Type): readonly Member[] {
  const { flags } = type;
  if (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never))
    return [];
  if (flags & ts.TypeFlags.StringLike) return ['string'];
  if (flags & ts.TypeFlags.NumberLike) return ['number'];
  if (flags & ts.TypeFlags.BigIntLike) return ['bigint'];
  if (flags & ts.TypeFlags.BooleanLike) return ['boolean'];
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Instantiable)) return ['any'];
  // A branded type such as `string & { readonly brand: … }` is its primitive.
  if (type.isIntersection()) {
    const primitive = type.types.flatMap((part) => memberOf(checker, part)).find((part) => part !== 'object');
    return [primitive ?? 'object'];
  }
  if (checker.isArrayLikeType(type)) return ['array'];
  const symbol = type.getSymbol();
  if (symbol?.name === 'Date') return ['date'];
  return isDrizzle(checker, type) ? ['sql'] : ['object'];
}

/** SQL, columns, tables, placeholders and subqueries: all have `getSQL`, which Drizzle declares. */
function isDrizzle(checker: ts.TypeChecker, type: ts.Type): boolean {
  const declarations =
    checker.getPropertyOfType(type, 'getSQL')?.declarations ?? type.getSymbol()?.declarations ?? [];
  return declarations.some((each) => /[\\/]drizzle-orm[\\/]/.test(each.getSourceFile().fileName));
}

/** An identifier, `this`, a property of one, or a literal: evaluating it twice or not at all is the same. */
export function isRepeatable(node: ts.Expression): boolean {
  const value = unwrap(node);
  if (ts.isIdentifier(value) || value.kind === ts.SyntaxKind.ThisKeyword || isLiteral(value)) return true;
  if (ts.isPropertyAccessExpression(value)) return isRepeatable(value.expression);
  return (
    ts.isElementAccessExpression(value) &&
    isLiteral(value.argumentExpression) &&
    isRepeatable(value.expression)
  );
}

function isLiteral(node: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand);
  }
  return (
    ts.isLiteralExpression(node) ||
    [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind)
  );
}

function isNamed(node: ts.Expression, name: string): boolean {
  const value = unwrap(node);
  return ts.isIdentifier(value) && value.text === name;
}
