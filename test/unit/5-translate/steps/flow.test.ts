import { describe, expect, it } from 'vitest';
import {
  branchOf,
  join,
  keptFound,
  startFlow,
  type Binding,
} from '../../../../src/5-translate/steps/flow.js';

const local = (name: string): Binding => ({
  kind: 'local',
  code: { kind: 'local', name },
  type: 25,
  nullable: true,
});

describe('join', () => {
  it('keeps what both branches know', () => {
    const flow = startFlow();
    const [yes, no] = [branchOf(flow), branchOf(flow)];
    for (const key of ['v1', 'v2']) yes.known.add(key);
    no.known.add('v1');
    yes.sent.add(1);
    join(flow, [yes, no]);
    expect([...flow.known]).toEqual(['v1']);
    expect([...flow.sent]).toEqual([]);
  });

  it('leaves out a branch that ended', () => {
    const flow = startFlow();
    const [yes, no] = [branchOf(flow), branchOf(flow)];
    yes.ended = true;
    no.known.add('v1');
    no.statements = 1;
    yes.statements = 5;
    join(flow, [yes, no]);
    expect(flow.ended).toBe(false);
    expect([...flow.known]).toEqual(['v1']);
    expect(flow).toMatchObject({ statements: 1, peak: 5 });
  });

  it('ends where every branch ended', () => {
    const flow = startFlow();
    const [yes, no] = [branchOf(flow), branchOf(flow)];
    yes.ended = true;
    no.ended = true;
    join(flow, [yes, no]);
    expect(flow.ended).toBe(true);
  });

  it('does not know a variable that the branches left in different places', () => {
    const flow = startFlow();
    for (const id of [0, 1]) flow.bindings.set(id, { kind: 'null' });
    const [yes, no] = [branchOf(flow), branchOf(flow)];
    yes.bindings.set(0, local('a'));
    no.bindings.set(0, local('b'));
    yes.bindings.set(1, local('same'));
    no.bindings.set(1, local('same'));
    join(flow, [yes, no]);
    expect(flow.bindings.get(0)?.kind).toBe('unknown');
    expect(flow.bindings.get(1)).toEqual(local('same'));
  });

  it('knows FOUND behind branches only where a variable keeps it', () => {
    const flow = startFlow();
    const [yes, no] = [branchOf(flow), branchOf(flow)];
    yes.found = { kind: 'constant', value: true };
    no.found = { kind: 'constant', value: true };
    join(flow, [yes, no]);
    expect(flow.found.kind).toBe('unknown');
    const kept = startFlow();
    kept.found = keptFound;
    join(kept, [branchOf(kept), branchOf(kept)]);
    expect(kept.found).toBe(keptFound);
  });
});
