/**
 * Code to TypeScript text on one line, with only the parentheses that precedence asks for.
 * Layout is left to a formatter; statements are printed by print-lines.ts.
 */
import type { Code, Line, ObjectEntry } from '../code.js';
import type { Names } from './names.js';
import { printLines } from './print-lines.js';

/** Binding strength, tightest first: primary 20, unary 15, binary by operator, conditional 3, arrow 2. */
const operatorStrength: Readonly<Record<string, number>> = {
  '*': 13,
  '/': 13,
  '%': 13,
  '+': 12,
  '-': 12,
  '<': 10,
  '<=': 10,
  '>': 10,
  '>=': 10,
  '==': 9,
  '!=': 9,
  '===': 9,
  '!==': 9,
  '&&': 5,
  '||': 4,
  '??': 4,
};

export function printCode(code: Code, names: Names): string {
  switch (code.kind) {
    case 'import':
      return names.import(code.module, code.name, code.typeOnly ?? false);
    case 'table':
      return names.table(code.schema, code.table);
    case 'routine':
      return names.routine(code.module, code.name);
    case 'executor':
      return names.executor;
    case 'transaction':
      return names.transaction;
    case 'argument':
      return names.argument(code.position);
    case 'local':
      return code.name;
    case 'string':
      return quote(code.value);
    case 'number':
      return code.text;
    case 'keyword':
      return code.value;
    case 'call':
      return `${operand(code.callee, 20, names)}${typeArguments(code.typeArguments)}(${list(code.arguments, names)})`;
    case 'member':
      return `${operand(code.object, 20, names)}${access(code.property, code.optional ?? false)}`;
    case 'index':
      return `${operand(code.object, 20, names)}${code.optional ? '?.' : ''}[${printCode(code.index, names)}]`;
    case 'object':
      return code.entries.length === 0
        ? '{}'
        : `{ ${code.entries.map((entry) => printEntry(entry, names)).join(', ')} }`;
    case 'array':
      return `[${list(code.items, names)}]`;
    case 'sql':
      return printTemplate(code, names);
    case 'arrow':
      return printArrow(code, names);
    case 'await':
      return `await ${operand(code.value, 15, names)}`;
    case 'binary':
      return printBinary(code, names);
    case 'not':
      return `!${operand(code.value, 15, names)}`;
    case 'template':
      return printTemplateString(code, names);
    case 'non-null':
      return `${operand(code.value, 20, names)}!`;
    case 'conditional':
      return `${operand(code.test, 4, names)} ? ${operand(code.then, 3, names)} : ${operand(code.otherwise, 3, names)}`;
    case 'as':
      return `${operand(code.value, 11, names)} as ${code.type}`;
    case 'new':
      return `new ${operand(code.callee, 20, names)}(${list(code.arguments, names)})`;
    case 'written':
      return printWritten(code, names);
  }
}

/** A property key as it stands in an object literal. */
export function propertyKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
}

/** A single-quoted TypeScript string literal. */
export function quote(value: string): string {
  const escaped = value
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  return `'${escaped}'`;
}

function strength(code: Code, names: Names): number {
  switch (code.kind) {
    case 'binary':
      return operatorStrength[code.operator] ?? 0;
    case 'await':
    case 'not':
      return 15;
    case 'conditional':
      return 3;
    case 'arrow':
      return 2;
    case 'as':
      return 11;
    case 'local':
      return isSimpleText(code.name) ? 20 : 1;
    case 'written':
      return code.form === 'operand' ? 20 : 1;
    case 'argument':
      return isSimpleText(names.argument(code.position)) ? 20 : 1;
    default:
      return 20;
  }
}

/** Text taken from the user's code is put in parentheses unless it is plainly one operand. */
function isSimpleText(text: string): boolean {
  return /^[\w$.?!]+(\[\d+\])?$/.test(text) || /^(['"`])(?:(?!\1)[^\\$])*\1$/.test(text);
}

function operand(code: Code, least: number, names: Names): string {
  const text = printCode(code, names);
  return strength(code, names) < least ? `(${text})` : text;
}

function printBinary(code: Extract<Code, { kind: 'binary' }>, names: Names): string {
  const own = operatorStrength[code.operator] ?? 0;
  const mixed = (side: Code): boolean =>
    side.kind === 'binary' &&
    (code.operator === '??') !== (side.operator === '??') &&
    ['??', '||', '&&'].includes(side.operator);
  const left = mixed(code.left) ? `(${printCode(code.left, names)})` : operand(code.left, own, names);
  const right = mixed(code.right) ? `(${printCode(code.right, names)})` : operand(code.right, own + 1, names);
  return `${left} ${code.operator} ${right}`;
}

function printTemplate(code: Extract<Code, { kind: 'sql' }>, names: Names): string {
  const tag = names.import('drizzle-orm', 'sql', false);
  const body = code.parts
    .map((part) => (typeof part === 'string' ? escapeTemplate(part) : `\${${printCode(part, names)}}`))
    .join('');
  return `${tag}${code.type === null ? '' : `<${code.type}>`}\`${body}\``;
}

function printTemplateString(code: Extract<Code, { kind: 'template' }>, names: Names): string {
  const body = code.parts
    .map((part) =>
      typeof part === 'string' ? escapeTemplate(part).replace(/\r/g, '\\r') : `\${${printCode(part, names)}}`,
    )
    .join('');
  return `\`${body}\``;
}

function escapeTemplate(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/`/g, '\\`').replace(/\$\{/g, '\\${');
}

function printWritten({ form, parts }: Extract<Code, { kind: 'written' }>, names: Names): string {
  const texts = parts.map((part) => (typeof part === 'string' ? part : printCode(part, names)));
  if (form !== 'property') return texts.join('');
  const [key = '', value = ''] = texts;
  return key === value ? key : `${key}: ${value}`;
}

function printArrow(code: Extract<Code, { kind: 'arrow' }>, names: Names): string {
  const head = `${code.async ? 'async ' : ''}(${code.parameters.join(', ')}) =>`;
  const [executor] = code.parameters;
  const inside = code.bindsExecutor === true && executor !== undefined ? { ...names, executor } : names;
  if (Array.isArray(code.body)) return `${head} {\n${printLines(code.body as readonly Line[], inside)}\n}`;
  const body = code.body as Code;
  const text = printCode(body, inside);
  return `${head} ${body.kind === 'object' ? `(${text})` : text}`;
}

function printEntry(entry: ObjectEntry, names: Names): string {
  if (entry.kind === 'spread') return `...${operand(entry.value, 2, names)}`;
  const value = printCode(entry.value, names);
  return value === entry.key ? entry.key : `${propertyKey(entry.key)}: ${value}`;
}

function list(codes: readonly Code[], names: Names): string {
  return codes.map((code) => printCode(code, names)).join(', ');
}

function access(property: string, optional: boolean): string {
  if (/^[A-Za-z_$][\w$]*$/.test(property)) return `${optional ? '?.' : '.'}${property}`;
  return `${optional ? '?.' : ''}[${quote(property)}]`;
}

function typeArguments(types: readonly string[] | undefined): string {
  return types === undefined || types.length === 0 ? '' : `<${types.join(', ')}>`;
}
