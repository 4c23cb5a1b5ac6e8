import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
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

/** The schema of the standard, as Microsoft's tools for the format carry it. */
const schema = join(
  dirname(fileURLToPath(import.meta.resolve('@microsoft/sarif-multitool-ts'))),
  '../assets/sarif-2.1.0.schema.json',
);
// A schema that Ajv knows only in part would let more through: what it does not know is an error.
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
addFormats.default(ajv);
const sarif = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
const against = (log: unknown) => {
  sarif(log);
  return (sarif.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
};

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
  ])('sarif is valid by the schema of version 2.1.0', (findings) => {
    expect(against(JSON.parse(formatSarif(findings, [...rules, ...bodyRules], '1.2.3')))).toEqual([]);
  });

  it.each([
    ['a misspelt property', '"columnKind"', '"columnkind"'],
    ['a line before the first', '"startLine": 2', '"startLine": 0'],
    ['a level that is none', '"level": "error"', '"level": "fatal"'],
    ['an address that is none', '"uri": "src/a%20b.ts"', '"uri": "src/a b.ts"'],
  ])('sarif with %s is not', (_, right, wrong) => {
    const text = formatSarif([finding], rules, '1.2.3');
    expect(text).toContain(right);
    expect(against(JSON.parse(text.replaceAll(right, wrong)))).not.toEqual([]);
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
