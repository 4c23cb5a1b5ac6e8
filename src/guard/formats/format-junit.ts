/** JUnit XML: one test case a finding, so that CI systems without annotations list them. */
import type { ShownFinding } from './shown-finding.js';

export function formatJunit(findings: readonly ShownFinding[]): string {
  const byFile = new Map<string, ShownFinding[]>();
  for (const one of findings) byFile.set(one.shownFile, [...(byFile.get(one.shownFile) ?? []), one]);
  const suites = [...byFile].map(([file, list]) => {
    const cases = list.map(
      ({ rule, line, column, message, help }) =>
        `    <testcase name="${escape(`${rule} ${line}:${column}`)}" classname="${escape(file)}">\n` +
        `      <failure message="${escape(message)}" type="${escape(rule)}">${escape(`${file}:${line}:${column}\n${help}`)}</failure>\n` +
        '    </testcase>\n',
    );
    return `  <testsuite name="${escape(file)}" tests="${list.length}" failures="${list.length}">\n${cases.join('')}  </testsuite>\n`;
  });
  const count = findings.length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="migrate-rpc check" tests="${count}" failures="${count}">\n${suites.join('')}</testsuites>\n`;
}

function escape(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
