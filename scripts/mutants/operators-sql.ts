/** Faults in the SQL of templates. */
import { ts } from 'ts-morph';
import type { Fault } from './plant-faults.js';
import type { Operator } from './operators.js';
import { replaced } from './replaced.js';

/** Each match alone is replaced. */
const rewrites: readonly (readonly [string, RegExp, string])[] = [
  ['another comparison', / > /g, ' >= '],
  ['another comparison', / >= /g, ' > '],
  ['another comparison', / < /g, ' <= '],
  ['another comparison', / <= /g, ' < '],
  ['another comparison', / = /g, ' <> '],
  ['another comparison', / <> /g, ' = '],
  ['other arithmetic', / \+ /g, ' - '],
  ['other arithmetic', / - /g, ' + '],
  ['other arithmetic', / \* /g, ' + '],
  ['numeric as a number', /::numeric\b(\([\d, ]+\))?/g, '::float8'],
  ['wrong cast', /::(int|integer|bigint)\b/g, '::numeric'],
  ['wrong cast', /::date\b/g, '::timestamp'],
  ['greatest for least', /\bgreatest\(/g, 'least('],
  ['greatest for least', /\bleast\(/g, 'greatest('],
  ['another aggregate', /\bsum\(/g, 'max('],
  ['another aggregate', /\bmax\(/g, 'min('],
  ['another aggregate', /\bmin\(/g, 'max('],
  ['another aggregate', /\bavg\(/g, 'max('],
  ['another aggregate', /\bcount\(/g, '1 + count('],
  ['drop DISTINCT', /\bdistinct (?!on\b|from\b)/g, ''],
  ['is true for is not false', /\bis not true\b/g, 'is false'],
  ['is true for is not false', /\bis true\b/g, 'is not false'],
  ['is true for is not false', /\bis distinct from\b/g, '<>'],
  ['is true for is not false', /\bis not distinct from\b/g, '='],
  ['is null for is not null', /\bis not null\b/g, 'is null'],
  ['is null for is not null', /\bis null\b/g, 'is not null'],
  ['and for or', / and /g, ' or '],
  ['and for or', / or /g, ' and '],
  ['lose a lock', / for (no key )?(update|share)( skip locked| nowait)?/g, ''],
  ['lose SKIP LOCKED or NOWAIT', / skip locked| nowait/g, ''],
  ['drop ORDER BY', / order by [^()]*$/g, ''],
  ['the other direction', / desc\b/g, ''],
  ['the other place of NULL', / nulls last\b/g, ' nulls first'],
  ['the other place of NULL', / nulls first\b/g, ' nulls last'],
  ['exists for not exists', /\bnot exists\b/g, 'exists'],
  ['another set operation', /\bunion all\b/g, 'union'],
  ['clock for transaction time', /\bnow\(\)/g, `now() + interval '1 day'`],
  ['drop a negation', /\bnot (?!null|exists|true|false|distinct|matched|materialized)/g, ''],
  ['another function', /\blower\(/g, 'upper('],
  ['another function', /\bupper\(/g, 'lower('],
  ['another function', /\btrim\(/g, 'upper('],
  ['another function', /\bround\(/g, 'ceil('],
  ['drop COALESCE', /\bcoalesce\(/g, 'greatest('],
];

/** Literal parts of `sql` templates, holes left out. */
const templates: Operator = ({ node }) => {
  const literal =
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node);
  if (!literal || !isSql(node)) return [];
  const start = node.getStart();
  const text = node.getText();
  return rewrites.flatMap(([operator, pattern, is]) =>
    [...text.matchAll(pattern)].map((match): Fault => ({
      operator,
      start: start + match.index,
      end: start + match.index + match[0].length,
      is,
    })),
  );
};

/** `${a} = ${b}`: one hole for its neighbour. */
const holes: Operator = ({ node }) => {
  if (!ts.isTemplateExpression(node) || !isSql(node)) return [];
  return node.templateSpans.slice(1).flatMap((span, index) => {
    const before = node.templateSpans[index];
    if (before === undefined || before.expression.getText() === span.expression.getText()) return [];
    return [replaced('one value for another', span.expression, before.expression.getText())];
  });
};

/** Numbers and texts inside of the SQL. */
const constants: Operator = ({ node }) => {
  const literal =
    ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateTail(node) || ts.isTemplateMiddle(node);
  if (!literal || !isSql(node)) return [];
  const start = node.getStart();
  const numbers = [...node.getText().matchAll(/(?<=[ (,])\d+(?=[ ),`]|$)/g)].map((match): Fault => {
    const at = start + match.index;
    return {
      operator: 'another number',
      start: at,
      end: at + match[0].length,
      is: String(Number(match[0]) + 1),
    };
  });
  const texts = [...node.getText().matchAll(/'[^']*'(?!::|\))/g)].map((match): Fault => {
    const end = start + match.index + match[0].length;
    return { operator: 'another text', start: end - 1, end, is: `x'` };
  });
  return [...numbers, ...texts];
};

function isSql(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) {
    if (ts.isTaggedTemplateExpression(at)) return /\bsql$|_sql$/.test(at.tag.getText().replace(/<.*$/s, ''));
    if (ts.isStatement(at)) return false;
  }
  return false;
}

export const sqlFaults: readonly Operator[] = [templates, holes, constants];
