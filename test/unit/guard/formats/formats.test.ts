import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatGithub } from '../../../../src/guard/formats/format-github.js';
import { formatJson } from '../../../../src/guard/formats/format-json.js';
import { formatJunit } from '../../../../src/guard/formats/format-junit.js';
import { formatPretty } from '../../../../src/guard/formats/format-pretty.js';
import { formatSarif } from '../../../../src/guard/formats/format-sarif.js';
import type { ShownFinding } from '../../../../src/guard/formats/shown-finding.js';
import { bodyRules } from '../../../../src/guard/body-rules.js';
import { rules } from '../../../../src/guard/rules.js';

const finding: ShownFinding = {
  rule: 'eq-null',
  severity: 'error',
  file: '/project/src/a b.ts',
  shownFile: 'src/a b.ts',
  line: 2,
  column: 3,
  endLine: 2,
  endColumn: 9,
  message: 'A "value" <may> be null & 100% wrong,\nso: nothing is found.',
  help: 'Write isNull.',
  code: 'eq(a, b)',
};

/** SARIF 2.1.0, sections 3.13 to 3.30: objects are closed, lines and columns begin at 1, levels are these. */
const level = z.enum(['none', 'note', 'warning', 'error']);
const message = z.strictObject({ text: z.string() });
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: message,
              helpUri: z.url(),
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(-1),
          level,
          message,
          locations: z.array(
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({
                  uri: z.string().regex(/^[^\s\\]+$/),
                  uriBaseId: z.string(),
                }),
                region: z.strictObject({
                  startLine: z.int().min(1),
                  startColumn: z.int().min(1),
                  endLine: z.int().min(1),
                  endColumn: z.int().min(1),
                }),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
});

describe('formats', () => {
  it('json is the contract', () => {
    expect(JSON.parse(formatJson([finding]))).toEqual({
      version: 1,
      findings: [
        {
          rule: 'eq-null',
          severity: 'error',
          file: 'src/a b.ts',
          line: 2,
          column: 3,
          message: finding.message,
          help: finding.help,
          docs: expect.stringMatching(/docs\/rules\/eq-null\.md$/) as string,
        },
      ],
    });
    expect(JSON.parse(formatJson([]))).toEqual({ version: 1, findings: [] });
  });

  it('github escapes what would end a command', () => {
    expect(formatGithub([finding])).toBe(
      '::error file=src/a b.ts,line=2,endLine=2,col=3,title=migrate-rpc eq-null::A "value" <may> be null & 100%25 wrong,%0Aso: nothing is found.%0AWrite isNull.\n',
    );
    expect(formatGithub([{ ...finding, shownFile: 'a,b:c.ts' }])).toContain('file=a%2Cb%3Ac.ts,');
  });

  it('junit is well-formed', () => {
    const text = formatJunit([finding]);
    expect(text).toContain(
      'message="A &quot;value&quot; &lt;may&gt; be null &amp; 100% wrong,&#10;so: nothing is found."',
    );
    expect(text.match(/<testcase /g)).toHaveLength(1);
    for (const tag of ['testsuites', 'testsuite', 'testcase', 'failure'])
      expect(text.match(new RegExp(`<${tag}[ >]`, 'g'))?.length, tag).toBe(
        text.match(new RegExp(`</${tag}>`, 'g'))?.length,
      );
  });

  it('sarif refers to its rules by index and to files by URI', () => {
    const log = JSON.parse(formatSarif([finding], rules, '1.2.3')) as {
      runs: [
        {
          tool: { driver: { rules: { id: string }[] } };
          results: { ruleIndex: number; ruleId: string; locations: unknown[] }[];
        },
      ];
    };
    const [run] = log.runs;
    const [result] = run.results;
    expect(run.tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe('eq-null');
    expect(result?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'src/a%20b.ts', uriBaseId: 'ROOT' },
          region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 9 },
        },
      },
    ]);
  });

  it.each([
    [[]],
    [[finding]],
    [[finding, { ...finding, rule: 'not-a-known-rule', severity: 'warning' as const }]],
  ])('sarif keeps to what version 2.1.0 allows in the parts that are used', (findings) => {
    const log: unknown = JSON.parse(formatSarif(findings, [...rules, ...bodyRules], '1.2.3'));
    expect(sarif.safeParse(log).error?.issues ?? []).toEqual([]);
    const misspelt: unknown = JSON.parse(JSON.stringify(log).replace('"columnKind"', '"columnkind"'));
    expect(sarif.safeParse(misspelt).success).toBe(false);
  });

  it('pretty shows the code, what happens and how to mend it, by file', () => {
    const text = formatPretty(
      [finding, { ...finding, line: 3 }],
      () => 'a;\n  eq(a, b);\n  eq(c, d);\n',
      pc.createColors(false),
    );
    expect(text.split('\n')[0]).toBe('src/a b.ts');
    expect(text.match(/src\/a b\.ts/g)).toHaveLength(1);
    expect(text).toContain('> 2 |   eq(a, b);');
    expect(text).toContain('→ Write isNull.');
    expect(formatPretty([], () => null, pc.createColors(false))).toBe('');
  });
});
