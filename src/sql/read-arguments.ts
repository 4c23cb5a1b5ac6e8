/** The arguments of one call: their shape from the parse tree, their extent from the tokens. */
import type { FuncCall, Node, TypeCast } from 'libpg-query';
import type { SqlToken } from './scan-sql.js';
import type { ReadArgument } from './statement-reading.js';

/** `offset` is where the routine's name starts. Null when tree and tokens do not fit together. */
export function readArguments(
  text: string,
  tokens: readonly SqlToken[],
  call: FuncCall,
  context: { readonly offset: number; readonly toCharacter: (byteOffset: number) => number },
): readonly ReadArgument[] | null {
  const first = tokens.findIndex((token) => token.start === context.offset);
  const groups = first < 0 ? null : argumentTokens(tokens, first);
  const nodes = call.args ?? [];
  if (groups === null || groups.length !== nodes.length) return null;
  return nodes.map((node, index) => {
    const variadic = call.func_variadic === true && index === nodes.length - 1;
    return readArgument(text, groups[index] ?? [], node, { variadic, toCharacter: context.toCharacter });
  });
}

/** Tokens between the parentheses that follow the name, cut at the commas of the outermost level. */
function argumentTokens(tokens: readonly SqlToken[], first: number): readonly (readonly SqlToken[])[] | null {
  let index = first;
  while (tokens[index] !== undefined && tokens[index]?.text !== '(') index += 1;
  const groups: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(index + 1)) {
    if (token.text === ')' && depth === 0)
      return groups.length === 1 && groups[0]?.length === 0 ? [] : groups;
    if (token.text === '(' || token.text === '[') depth += 1;
    if (token.text === ')' || token.text === ']') depth -= 1;
    if (token.text === ',' && depth === 0) groups.push([]);
    else groups[groups.length - 1]?.push(token);
  }
  return null;
}

function readArgument(
  text: string,
  tokens: readonly SqlToken[],
  node: Node,
  context: { readonly variadic: boolean; readonly toCharacter: (byteOffset: number) => number },
): ReadArgument {
  const named = 'NamedArgExpr' in node ? node.NamedArgExpr : null;
  const value = named === null ? node : named.arg;
  const skipped = (context.variadic ? 1 : 0) + (named === null ? 0 : 2);
  const own = tokens.slice(skipped);
  const { parameter, casts } = unwrapCasts(value, (cast) =>
    typeText(text, own, context.toCharacter(cast.typeName?.location ?? 0)),
  );
  return {
    name: named?.name ?? null,
    start: own[0]?.start ?? 0,
    end: own[own.length - 1]?.end ?? 0,
    parameter,
    casts: parameter === null ? [] : casts,
    variadic: context.variadic,
    parameters: own.filter((token) => token.kind === 'parameter').map((token) => Number(token.text.slice(1))),
  };
}

function unwrapCasts(
  node: Node | undefined,
  typeOf: (cast: TypeCast) => string,
): { readonly parameter: number | null; readonly casts: readonly string[] } {
  if (node === undefined) return { parameter: null, casts: [] };
  if ('ParamRef' in node) return { parameter: node.ParamRef.number ?? null, casts: [] };
  if (!('TypeCast' in node)) return { parameter: null, casts: [] };
  const inner = unwrapCasts(node.TypeCast.arg, typeOf);
  return { parameter: inner.parameter, casts: [...inner.casts, typeOf(node.TypeCast)] };
}

/** A type name goes on to the next `::`, closing parenthesis or the end of the argument. */
function typeText(text: string, tokens: readonly SqlToken[], start: number): string {
  let depth = 0;
  let end = start;
  for (const token of tokens.filter((candidate) => candidate.start >= start)) {
    if (token.text === '::' || (token.text === ')' && depth === 0)) break;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    end = token.end;
  }
  return text.slice(start, end);
}
