/** `{"version":1,"findings":[…]}`: the contract of --format json. */
import type { ShownFinding } from './shown-finding.js';

export function formatJson(findings: readonly ShownFinding[]): string {
  const shown = findings.map((finding) => ({
    rule: finding.rule,
    severity: finding.severity,
    file: finding.shownFile,
    line: finding.line,
    column: finding.column,
    message: finding.message,
    help: finding.help,
  }));
  return `${JSON.stringify({ version: 1, findings: shown }, null, 2)}\n`;
}
