import { describe, expect, it } from 'vitest';
import { policyText } from '../../../src/4-classify/table-hazards.js';

const policy = { name: 'own', command: 'select', roles: ['public'], using: null, check: null };

describe('policyText', () => {
  it('writes what holds for all', () => {
    expect(policyText({ ...policy, using: '(author_id = auth.uid())' })).toBe(
      'own (SELECT) USING (author_id = auth.uid())',
    );
    expect(policyText({ ...policy, using: '(open)' })).toBe('own (SELECT) USING (open)');
  });

  it('names the roles and the check', () => {
    expect(policyText({ ...policy, command: 'all', roles: ['authenticated'], check: 'true' })).toBe(
      'own (ALL, for authenticated) WITH CHECK (true)',
    );
  });
});
