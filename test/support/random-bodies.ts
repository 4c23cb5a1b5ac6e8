/** Random PL/pgSQL of what JavaScript computes: conditions, int4 expressions and short programs over two variables. */
import fc from 'fast-check';

/** The parameters of every body: two of each type. */
export const parameters = [
  { name: 'a', type: 'integer' },
  { name: 'b', type: 'integer' },
  { name: 'p', type: 'boolean' },
  { name: 'q', type: 'boolean' },
  { name: 's', type: 'text' },
  { name: 't', type: 'text' },
] as const;

export type Input = readonly (number | boolean | string | null)[];

const orNull = <T>(values: readonly T[]): fc.Arbitrary<T | null> => fc.constantFrom(null, ...values);
const integer = orNull([0, 1, -1, 2, 7, 46_341, 2_147_483_647, -2_147_483_648]);
const truth = orNull([true, false]);
const letters = orNull(['', 'a', 'b', 'ab']);

export const input: fc.Arbitrary<Input> = fc.tuple(integer, integer, truth, truth, letters, letters);

/** `x` and `y` are the variables of a program. */
function expressions(ints: readonly string[]) {
  return fc.letrec<{ condition: string; int: string; text: string }>((tie) => ({
    int: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...ints, '0', '1', '3', '-2', '2147483647'),
      fc
        .tuple(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      tie('int').map((operand) => `(- ${operand})`),
      fc.tuple(tie('int'), tie('int')).map(([first, second]) => `coalesce(${first}, ${second})`),
    ),
    text: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc.constantFrom('s', 't', "'a'", "''"),
      fc.tuple(tie('text'), tie('text')).map(([left, right]) => `(${left} || ${right})`),
    ),
    condition: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom('p', 'q', 'p', 'true', 'NULL::boolean'),
      fc
        .tuple(fc.constantFrom(...ints, '7'), comparison, fc.constantFrom(...ints, '0'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc
        .tuple(tie('text'), fc.constantFrom('=', '<>', 'IS DISTINCT FROM'), tie('text'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc
        .tuple(fc.constantFrom(...ints, 'p', 's'), fc.constantFrom('IS NULL', 'IS NOT NULL'))
        .map(([operand, test]) => `(${operand} ${test})`),
      fc
        .tuple(tie('condition'), fc.constantFrom('TRUE', 'FALSE', 'UNKNOWN'), fc.constantFrom('', 'NOT '))
        .map(([operand, value, not]) => `(${operand} IS ${not}${value})`),
      fc
        .tuple(
          fc.constantFrom(...ints),
          fc.constantFrom('', 'NOT '),
          fc.constantFrom('1, 2', '0, b', 'a, NULL'),
        )
        .map(([operand, not, list]) => `(${operand} ${not}IN (${list}))`),
      fc
        .tuple(fc.constantFrom(...ints), fc.constantFrom('', 'NOT '), fc.constantFrom('0 AND 7', 'a AND b'))
        .map(([operand, not, limits]) => `(${operand} ${not}BETWEEN ${limits})`),
      tie('condition').map((operand) => `(NOT ${operand})`),
      fc
        .tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition'))
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    ),
  }));
}

const comparison = fc.constantFrom(
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
);
const ofArguments = expressions(['a', 'b']);
const ofVariables = expressions(['x', 'y', 'a']);

export const conditionBody = ofArguments.condition.map(
  (condition) => `BEGIN\n  IF ${condition} THEN\n    RETURN 1;\n  END IF;\n  RETURN 0;\nEND`,
);

export const integerBody = ofArguments.int.map((value) => `BEGIN\n  RETURN ${value};\nEND`);

const assignment = fc
  .tuple(fc.constantFrom('x', 'y'), ofVariables.int)
  .map(([variable, value]) => `${variable} := ${value};`);

const step = fc.oneof(
  assignment,
  assignment,
  fc
    .tuple(ofVariables.condition, assignment, assignment)
    .map(([test, then, otherwise]) => `IF ${test} THEN ${then} ELSE ${otherwise} END IF;`),
  fc
    .tuple(ofVariables.condition, ofVariables.int)
    .map(([test, value]) => `IF ${test} THEN RETURN ${value}; END IF;`),
  ofVariables.condition.map(
    (test) => `IF ${test} THEN RAISE EXCEPTION 'no' USING ERRCODE = '22222'; END IF;`,
  ),
);

export const programBody = fc
  .array(step, { minLength: 1, maxLength: 5 })
  .map(
    (steps) =>
      `DECLARE\n  x integer := a;\n  y integer := 2;\nBEGIN\n  ${steps.join('\n  ')}\n  RETURN x + y;\nEND`,
  );
