/** Arguments of a routine by name, as text that is cast to the declared types. */
import j, { type ASTNode } from 'jscodeshift';
import { type Edit, insert, type Source } from './open-source.ts';
import type { Routine } from './routines.ts';
import { isReference } from './syntax.ts';

/** The pieces between the parentheses, commas included, or the reason for not writing one. */
export function writeArguments(
  source: Source,
  routine: Routine,
  given: ASTNode | undefined,
): { readonly list: readonly string[] } | string {
  if (given === undefined)
    return routine.arguments.some(({ optional }) => optional !== true)
      ? 'an argument is missing'
      : { list: [] };
  if (!j.ObjectExpression.check(given)) return 'its arguments are made elsewhere';
  const required: string[] = [];
  const optional: string[] = [];
  for (const property of given.properties) {
    if (!j.ObjectProperty.check(property) || property.computed === true)
      return 'its arguments are made elsewhere';
    const key = j.Identifier.check(property.key)
      ? property.key.name
      : j.StringLiteral.check(property.key)
        ? property.key.value
        : '';
    const declared = routine.arguments.find(({ name }) => name === key);
    if (declared === undefined) return `it has no argument ${key}`;
    const value = source.textOf(property.value as ASTNode);
    const cast = `"${key}" => \${argumentText('${declared.type}', ${value})}::text::${declared.type}`;
    if (declared.optional !== true || isDefinite(property.value as ASTNode)) required.push(cast);
    else if (!isReference(property.value as ASTNode))
      return `${key} may be undefined, and would be computed twice`;
    else optional.push(`\${${value} === undefined ? sql\`\` : sql\`, ${cast}\`}`);
  }
  if (optional.length > 0 && required.length === 0) return 'all of its arguments may be left out';
  const pieces = required.map((one, index) => one + (index < required.length - 1 ? ', ' : ''));
  return { list: [...pieces, ...optional] };
}

function isDefinite(node: ASTNode): boolean {
  return (
    j.Literal.check(node) ||
    j.StringLiteral.check(node) ||
    j.NumericLiteral.check(node) ||
    j.BooleanLiteral.check(node) ||
    j.TemplateLiteral.check(node) ||
    j.ObjectExpression.check(node) ||
    j.ArrayExpression.check(node)
  );
}

/** The function that the arguments go through, at the end of the file unless it is there. */
export function argumentTextHelper(source: Source): readonly Edit[] {
  if (/\bfunction argumentText\(/.test(source.text) || written.has(source)) return [];
  written.add(source);
  const lines = [
    '',
    '/** The text of an argument as its declared type reads it. NULL stays NULL; what is no value of the type throws. */',
    'function argumentText(type: string, value: unknown): string | null {',
    '  if (value === null) return null;',
    "  if (type === 'json' || type === 'jsonb') return JSON.stringify(value);",
    '  if (Array.isArray(value)) {',
    "    const item = type.replace(/\\[\\]$/, '');",
    '    const texts = value.map((one: unknown) => {',
    '      const text = argumentText(Array.isArray(one) ? type : item, one);',
    "      return text === null ? 'NULL' : Array.isArray(one) ? text : `\"${text.replace(/[\"\\\\]/g, '\\\\$&')}\"`;",
    '    });',
    "    return `{${texts.join(',')}}`;",
    '  }',
    '  if (value instanceof Date) return value.toISOString();',
    "  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value)))",
    '    throw new TypeError(`${String(value)} is no value of ${type}`);',
    '  return String(value);',
    '}',
    '',
  ];
  const end = source.text.length;
  const before = source.text.endsWith('\n') ? '' : source.eol;
  return [insert(end, before + lines.join(source.eol))];
}

const written = new WeakSet<Source>();
