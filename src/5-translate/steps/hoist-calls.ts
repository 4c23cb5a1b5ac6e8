/**
 * Calls of generated functions inside larger expressions, each as an assignment of its own before the step. Only
 * what PostgreSQL evaluates once whatever the rest gives is moved, and nothing that acts past another read.
 */
import type { Step, Variable } from '../../3-parse/body.js';
import type { Expression, FunctionCall, VariableReference } from '../../3-parse/expression.js';
import type { Statement } from '../../3-parse/statement.js';
import { routineByOid } from '../callees.js';
import type { StepsInput } from '../module-head.js';
import { carrier } from './carrier.js';
import { caseAsIf } from './case-as-if.js';
import { absent, callsWhere, evaluatesAll, reads, variableFor } from './hoisted-variable.js';
import type { StepList } from './normalize.js';

/** The same steps, with more variables. */
export function withHoistedCalls(list: StepList, input: StepsInput): StepList {
  if (input.callees === undefined) return list;
  const hoist = new Hoist(list.variables, input);
  const steps = hoist.steps(list.steps);
  return { steps, variables: hoist.variables };
}

class Hoist {
  readonly variables: Variable[];

  constructor(
    variables: readonly Variable[],
    private readonly input: StepsInput,
  ) {
    this.variables = [...variables];
  }

  steps(list: readonly Step[]): readonly Step[] {
    const calls = (node: Expression): boolean => this.holdsCall(node);
    return list.flatMap((step) => this.step(caseAsIf(step, calls, this.variables, this.input)));
  }

  private step(step: Step): readonly Step[] {
    const before: Step[] = [];
    const whole = (node: Expression): Expression => this.whole(node, step, before);
    const parts = (node: Expression): Expression => this.parts(node, step, before);
    const done = ((): Step => {
      switch (step.kind) {
        case 'assign':
          return { ...step, value: parts(step.value) };
        case 'return':
          return step.value === null ? step : { ...step, value: parts(step.value) };
        case 'raise':
          return {
            ...step,
            parameters: step.parameters.map(whole),
            options: step.options.map((option) => ({ ...option, value: whole(option.value) })),
          };
        case 'perform':
        case 'execute-sql':
          return { ...step, statement: this.statement(step.statement, step, before) };
        case 'if':
          return this.branches(step, before);
        case 'case':
          return {
            ...step,
            branches: step.branches.map((branch) => ({ ...branch, then: this.steps(branch.then) })),
            otherwise: step.otherwise && this.steps(step.otherwise),
          };
        case 'block':
          return {
            ...step,
            statements: this.steps(step.statements),
            handlers: step.handlers.map((each) => ({ ...each, statements: this.steps(each.statements) })),
          };
        case 'for-query':
        case 'for-range':
        case 'foreach':
        case 'while':
        case 'loop':
          return { ...step, body: this.steps(step.body) };
        default:
          return step;
      }
    })();
    return [...before, done];
  }

  /** ELSIF with a call in its condition becomes an IF inside ELSE, before which the call can stand. */
  private branches(step: Extract<Step, { kind: 'if' }>, before: Step[]): Step {
    const [first, ...rest] = step.branches;
    if (first === undefined) return step;
    const head = {
      ...first,
      condition: this.condition(first.condition, step, before),
      then: this.steps(first.then),
    };
    if (rest.length === 0)
      return { ...step, branches: [head], otherwise: step.otherwise && this.steps(step.otherwise) };
    const inner = this.step({ ...step, branches: rest });
    const [only, ...more] = inner;
    if (only?.kind === 'if' && more.length === 0)
      return { ...only, branches: [head, ...only.branches], line: step.line };
    return { ...step, branches: [head], otherwise: inner };
  }

  /** A call that is the whole condition, or what NOT is of, needs no variable. */
  private condition(node: Expression, step: Step, before: Step[]): Expression {
    if (node.kind === 'call') return this.parts(node, step, before);
    const [operand] = node.kind === 'not' ? node.operands : [];
    if (node.kind === 'not' && operand?.kind === 'call')
      return { ...node, operands: [this.parts(operand, step, before)] };
    return this.whole(node, step, before);
  }

  /** INSERT of one row evaluates its values once, a SELECT without FROM its arguments. */
  private statement(statement: Statement, step: Step, before: Step[]): Statement {
    if (statement.kind === 'insert' && statement.source.kind === 'values') {
      const [row, ...others] = statement.source.rows;
      if (row === undefined || others.length > 0 || statement.with.length > 0) return statement;
      const values = this.all(row, step, before);
      return { ...statement, source: { kind: 'values', rows: [values] } };
    }
    if (statement.kind !== 'select' || statement.setOperation !== null) return statement;
    if (statement.with.length > 0 || statement.where !== null || statement.values !== null) return statement;
    const [item, ...others] = statement.from;
    if (item === undefined) {
      const [target, ...more] = statement.targets;
      if (target === undefined || more.length > 0) return statement;
      return {
        ...statement,
        targets: [{ ...target, expression: this.parts(target.expression, step, before) }],
      };
    }
    if (others.length > 0 || item.kind !== 'function') return statement;
    return { ...statement, from: [{ ...item, call: this.parts(item.call, step, before) }] };
  }

  private all(nodes: readonly Expression[], step: Step, before: Step[]): readonly Expression[] {
    const other = nodes.filter((node) => !this.holdsCall(node));
    if (reads(other) && nodes.some((node) => this.acting(node))) return nodes;
    return nodes.map((node) => this.whole(node, step, before));
  }

  /** The calls inside, the outermost one left where it is. */
  private parts(node: Expression, step: Step, before: Step[]): Expression {
    if (node.kind !== 'call' || !this.isGenerated(node.routine)) return this.whole(node, step, before);
    const values = this.all(
      node.arguments.map(({ value }) => value),
      step,
      before,
    );
    return {
      ...node,
      arguments: node.arguments.map((one, index) => ({ ...one, value: values[index] ?? one.value })),
    };
  }

  private whole(node: Expression, step: Step, before: Step[]): Expression {
    if (!this.holdsCall(node)) return node;
    if (this.acting(node) && reads([this.withoutCalls(node)])) return node;
    const every = this.input.verdict.body.kind === 'plpgsql' && evaluatesAll(node, step);
    const visit = (one: Expression): Expression => {
      if (one.kind === 'call' && this.isGenerated(one.routine)) {
        const inner = this.parts(one, step, before);
        return inner.kind === 'call' ? this.variable(inner, step, before) : inner;
      }
      switch (one.kind) {
        case 'operator':
          // A NULL on one side may keep PostgreSQL from evaluating the other, where it knows of it.
          return one.left === null || every || absent([one.left, one.right], this.input.nullable) < 2
            ? { ...one, left: one.left && visit(one.left), right: visit(one.right) }
            : one;
        case 'not':
          return { ...one, operands: one.operands.map(visit) };
        case 'and':
        case 'or': {
          // What is left of AND decides whether the rest is evaluated.
          const [first, ...rest] = one.operands;
          return first === undefined ? one : { ...one, operands: [visit(first), ...rest] };
        }
        case 'coalesce': {
          const [first, ...rest] = one.operands;
          return first === undefined ? one : { ...one, operands: [visit(first), ...rest] };
        }
        case 'greatest':
        case 'least':
          return { ...one, operands: one.operands.map(visit) };
        case 'null-test':
        case 'boolean-test':
        case 'cast':
          return { ...one, operand: visit(one.operand) };
        case 'call': {
          const values = one.arguments.map(({ value }) => value);
          const decides = !every && absent(values, this.input.nullable) > 1;
          if (one.aggregate || one.over !== null || decides) return one;
          return { ...one, arguments: one.arguments.map((each) => ({ ...each, value: visit(each.value) })) };
        }
        default:
          return one;
      }
    };
    return visit(node);
  }

  private variable(call: FunctionCall, step: Step, before: Step[]): VariableReference {
    const type = routineByOid(this.input.catalog, call.routine)?.returnType ?? null;
    const variable = variableFor(call, type, this.variables.length, step.line);
    this.variables.push(variable);
    before.push({
      kind: 'assign',
      target: { kind: 'variable', variable: variable.id },
      value: call,
      line: step.line,
      sql: `${variable.name} := ${call.name}(…)`,
    });
    return {
      kind: 'variable',
      variable: variable.id,
      name: variable.name,
      path: [],
      type,
      inferred: null,
    };
  }

  private isGenerated(oid: number | null): boolean {
    const { catalog, callees, project } = this.input;
    const routine = routineByOid(catalog, oid);
    if (routine === null || routine.returnsSet) return false;
    const driver = project.clients[0]?.driver ?? 'node-postgres';
    if (!carrier(catalog, routine.returnType, driver).raw) return false;
    return callees?.module(routine.oid)?.shape === 'value';
  }

  private holdsCall(node: Expression): boolean {
    return callsWhere(node, (routine) => this.isGenerated(routine));
  }

  private acting(node: Expression): boolean {
    return callsWhere(node, (routine) => this.input.callees?.acts(routine) !== false);
  }

  /** The expression with a constant for each generated function. */
  private withoutCalls(node: Expression): unknown {
    const visit = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(visit);
      if (typeof value !== 'object' || value === null) return value;
      if ('kind' in value && value.kind === 'call' && this.isGenerated((value as FunctionCall).routine))
        return null;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]));
    };
    return visit(node);
  }
}
