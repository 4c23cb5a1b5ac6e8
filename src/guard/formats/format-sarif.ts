/** SARIF 2.1.0, as GitHub code scanning and editors read it. */
import { docsOf, type Rule } from '../finding.js';
import type { ShownFinding } from './shown-finding.js';

export function formatSarif(
  findings: readonly ShownFinding[],
  rules: readonly Rule[],
  version: string,
): string {
  const ids = [...new Set([...rules.map(({ id }) => id), ...findings.map(({ rule }) => rule)])];
  const described = ids.map((id) => {
    const rule = rules.find((one) => one.id === id);
    return {
      id,
      shortDescription: { text: rule?.title ?? id },
      helpUri: docsOf(id),
      defaultConfiguration: { level: rule?.severity ?? 'error' },
    };
  });
  const results = findings.map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: ids.indexOf(finding.rule),
    level: finding.severity,
    message: { text: `${finding.message} ${finding.help}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(finding.shownFile), uriBaseId: 'ROOT' },
          region: {
            startLine: finding.line,
            startColumn: finding.column,
            endLine: finding.endLine,
            endColumn: finding.endColumn,
          },
        },
      },
    ],
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'migrate-rpc', version, rules: described } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
