/** Arguments that travel otherwise as JSON than as parameters of a query, and what makes them arrive alike. */
import type { Program } from '../source/open-program.js';
import type { Hole, SiteRefusal } from './call-site.js';
import { withHoles, type NamedArguments } from './object-arguments.js';
import type { Binding, ResolvedSite } from './resolved-site.js';
import type { ArgumentUse } from './result-use.js';

/** The same arguments in the form in which each arrives as it did, or which one has none. */
export function fitArguments(
  resolved: ResolvedSite,
  uses: readonly ArgumentUse[],
  { compilerOptions }: Program,
): NamedArguments | SiteRefusal {
  const strict = compilerOptions.strictNullChecks ?? compilerOptions.strict ?? false;
  const holes = new Map<number, Hole>();
  const fitted: ArgumentUse[] = [];
  for (const binding of resolved.bindings) {
    const hole = binding.argument?.hole;
    const use = uses.find((one) => one.hole === hole?.index);
    if (!hole || use === undefined) continue;
    const type = resolved.site.rpc?.arguments.find(({ name }) => name === binding.parameter.name)?.type ?? '';
    const fit = fitOf(binding, type, use, strict);
    if (typeof fit === 'string') {
      return { reason: 'rpc-not-yet', detail: `${binding.parameter.name ?? ''}: ${fit}` };
    }
    fitted.push(fit.use);
    holes.set(binding.position, fit.form === null ? hole : formed(hole, fit.form));
  }
  return { resolved: withHoles(resolved, holes), uses: fitted };
}

interface Fit {
  readonly use: ArgumentUse;
  /** What is written in place of the expression: see Hole. */
  readonly form: readonly string[] | null;
}

/** Puts an expression in its form. */
export function inForm(form: readonly string[], expression: string): string {
  const operand = simple.test(expression) || parsesNumber(expression) ? expression : `(${expression})`;
  return form.join(operand);
}

const simple = /^[\w$]+(?:\??\.[\w$]+|\[\w+\]|!)*$/;

/** `Number(text)` and the like, which give NaN for what is no number. To write them twice does the same. */
function parsesNumber(expression: string): boolean {
  const [, operand] =
    /^(?:Number|(?:Number\.)?parse(?:Float|Int))\(([^(),]+)(?:, ?10)?\)$/.exec(expression) ?? [];
  return operand !== undefined && simple.test(operand);
}

function formed(hole: Hole, form: readonly string[]): Hole {
  return { ...hole, form, expression: inForm(form, hole.expression) };
}

/** A sentence where the value has no form. */
function fitOf(binding: Binding, type: string, use: ArgumentUse, strict: boolean): Fit | string {
  const any = use.members.includes('any');
  const fallback = omitted(binding.parameter.default);
  const missing = use.mayBeUndefined && (strict || any);
  if (missing && !any && binding.parameter.default === null) {
    return 'an argument that may be undefined is left out of the request, which fails without it (PGRST202)';
  }
  if (missing && binding.parameter.default !== null && fallback === null) {
    return `an argument that may be undefined, whose default is ${binding.parameter.default}`;
  }
  if (use.members.includes('bigint'))
    return 'a bigint, for which JSON.stringify throws a TypeError: the request is never sent; write it as text';
  const { expression = '' } = binding.argument?.hole ?? {};
  if (parsesNumber(expression) && numeric.test(type)) {
    return { use: { ...use, mayBeNull: true }, form: finiteForm };
  }
  const value = valueForm(type, use);
  if (typeof value === 'object') return value.refusal;
  return composed(use, value, missing && fallback !== null ? fallback : null, any);
}

/** See `testsFinite`. */
const finiteForm: readonly string[] = ['Number.isFinite(', ') ? ', ' : null'];

/** Does the form ask whether a number is finite? */
export function testsFinite(form: readonly string[] | undefined): boolean {
  return form?.[0] === finiteForm[0];
}

/** JSON.stringify makes null of NaN and of infinite numbers (ECMA-262, 25.5.2); a query hands them on. */
const numeric = /^(?:numeric|real|double precision|smallint|integer|bigint)\b/;

/** The form of a value that is neither null nor undefined; `%` where it is itself. */
function valueForm(type: string, use: ArgumentUse): string | { readonly refusal: string } {
  const { members } = use;
  const only = (member: ArgumentUse['members'][number]): boolean =>
    members.length > 0 && members.every((one) => one === member);
  if (/^jsonb?$/.test(type)) return only('object') ? '%' : 'JSON.stringify(%)';
  if (members.includes('date') && type !== 'timestamp with time zone') {
    return only('date') ? '%.toJSON()' : { refusal: `${use.type} for ${type}` };
  }
  return members.includes('object') ? { refusal: `an object for ${type}` } : '%';
}

/** NULL stays NULL, and what is left out takes the default. */
function composed(use: ArgumentUse, value: string, fallback: string | null, any: boolean): Fit | string {
  const nulls = value !== '%' && (use.mayBeNull || any);
  const form = nullForm(value, nulls, fallback, use.mayBeNull || any)
    .split('%')
    .map((text) => text.replace('@', () => fallback ?? ''));
  if (form.join('') === '') return { use, form: null };
  if (form.length > 2 && !use.repeatable) return `\`${use.type}\`, which has to be looked at twice`;
  const changed: ArgumentUse =
    value === '%'
      ? { ...use, mayBeNull: use.mayBeNull || fallback === 'null' }
      : {
          ...use,
          type: 'string',
          members: ['string'],
          given: use.members,
          mayBeNull: nulls || fallback === 'null',
        };
  return { use: fallback === null ? changed : { ...changed, mayBeUndefined: false }, form };
}

/** `%` stands for the value, `@` for the default. */
function nullForm(value: string, nulls: boolean, fallback: string | null, mayBeNull: boolean): string {
  if (value === '%') {
    if (fallback === null) return '%';
    return fallback !== 'null' && mayBeNull ? '% === undefined ? @ : %' : '% ?? @';
  }
  const optional = value === '%.toJSON()' ? '%?.toJSON() ?? null' : null;
  if (fallback === null) return nulls ? (optional ?? `% === null ? null : ${value}`) : value;
  if (fallback === 'null') return optional ?? `% == null ? null : ${value}`;
  const rest = nulls ? `% === null ? null : ${value}` : value;
  return `% === undefined ? @ : ${rest}`;
}

/** A constant default as TypeScript; null for anything that has to be computed. */
function omitted(text: string | null): string | null {
  if (text === null) return null;
  const bare = text
    .trim()
    .replace(/(?:\s*::\s*[a-z_][\w .]*(?:\(\s*\d+\s*(?:,\s*\d+\s*)?\))?(\[\])?)+$/i, '$1');
  if (/^null(?:\[\])?$/i.test(bare)) return 'null';
  if (/^(?:true|false)$/i.test(bare)) return bare.toLowerCase();
  if (/^-?\d*\.?\d+$/.test(bare) && bare.length < 16) return String(Number(bare));
  if (/^'\{\}'\[\]$/.test(bare)) return '[]';
  const string = /^'((?:[^'\\\n]|'')*)'$/.exec(bare)?.[1];
  return string === undefined ? null : `'${string.replaceAll("''", "\\'")}'`;
}
