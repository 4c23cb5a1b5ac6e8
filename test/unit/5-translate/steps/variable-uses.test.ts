import { describe, expect, it } from 'vitest';
import type { Step } from '../../../../src/3-parse/body.js';
import type { Expression } from '../../../../src/3-parse/expression.js';
import { variableUses } from '../../../../src/5-translate/steps/variable-uses.js';

const read = (variable: number, ...path: string[]): Expression => ({
  kind: 'variable',
  variable,
  name: `v${variable}`,
  path,
  type: 25,
  inferred: null,
});
const nothing: Expression = { kind: 'null', type: null };
const assign = (variable: number, value: Expression = nothing): Step => ({
  kind: 'assign',
  target: { kind: 'variable', variable },
  value,
  line: 1,
  sql: '',
});
const when = (
  condition: Expression,
  then: readonly Step[],
  otherwise: readonly Step[] | null = null,
): Step => ({
  kind: 'if',
  branches: [{ condition, then, line: 1 }],
  otherwise,
  line: 1,
});
const giveBack = (value: Expression | null): Step => ({ kind: 'return', value, line: 1, sql: '' });

describe('variableUses', () => {
  it('takes one assignment before every read for a constant', () => {
    const [use] = variableUses([assign(0), giveBack(read(0))], 1);
    expect(use).toMatchObject({ definitions: 1, single: true, whole: true });
  });

  it('takes a read before the assignment for a variable', () => {
    expect(variableUses([when(read(0), []), assign(0)], 1)[0]?.single).toBe(false);
  });

  it('takes a read behind the branch that assigns for a variable', () => {
    expect(variableUses([when(nothing, [assign(0)]), giveBack(read(0))], 1)[0]?.single).toBe(false);
    expect(variableUses([when(nothing, [assign(0), giveBack(read(0))])], 1)[0]?.single).toBe(true);
  });

  it('lets every way out read an OUT argument', () => {
    const steps = [when(nothing, [assign(0)])];
    expect(variableUses(steps, 1)[0]?.single).toBe(true);
    expect(variableUses(steps, 1, [0])[0]?.single).toBe(false);
    expect(variableUses([assign(0)], 1, [0])[0]?.single).toBe(true);
  });

  it('takes what a loop assigns for one value only as long as the same turn reads it', () => {
    const loop = (body: readonly Step[]): Step => ({ kind: 'loop', label: null, body, line: 1, sql: '' });
    expect(variableUses([loop([assign(0), when(read(0), [])])], 1)[0]?.single).toBe(true);
    expect(variableUses([loop([assign(0)]), giveBack(read(0))], 1)[0]?.single).toBe(false);
    expect(variableUses([loop([when(read(0), []), assign(0)])], 1)[0]?.single).toBe(false);
  });

  it('tells fields from the whole', () => {
    const [use] = variableUses([assign(0), when(read(0, 'id'), [])], 1);
    expect([...(use?.fields ?? [])]).toEqual(['id']);
    expect(use?.whole).toBe(false);
  });

  it('knows what is only returned or tested for NULL', () => {
    const test: Expression = { kind: 'null-test', operand: read(0), negated: false, type: 16 };
    const [returned] = variableUses([assign(0), when(test, []), giveBack(read(0))], 1);
    expect(returned).toMatchObject({ wholeReturned: true, wholeTested: false });
    const row: Expression = { kind: 'row', items: [read(0), nothing], type: null };
    expect(variableUses([assign(0), giveBack(row)], 1)[0]?.wholeReturned).toBe(true);
    const joined: Expression = { kind: 'coalesce', operands: [read(0), nothing], type: 25 };
    expect(variableUses([assign(0), giveBack(joined)], 1)[0]?.wholeReturned).toBe(false);
  });

  it('knows a test for NULL from one for what is there', () => {
    const test = (negated: boolean): Expression => ({
      kind: 'null-test',
      operand: read(0),
      negated,
      type: 16,
    });
    expect(variableUses([assign(0), when(test(false), [])], 1)[0]?.wholeTested).toBe(true);
    expect(variableUses([assign(0), when(test(true), [])], 1)[0]?.wholeTested).toBe(false);
  });
});
