/** Workflow commands of GitHub Actions, which show each finding beside its line. */
import type { ShownFinding } from './shown-finding.js';

export function formatGithub(findings: readonly ShownFinding[]): string {
  return findings
    .map(({ severity, shownFile, line, column, endLine, rule, message, help }) => {
      const place = `file=${property(shownFile)},line=${line},endLine=${endLine},col=${column}`;
      return `::${severity} ${place},title=${property(`migrate-rpc ${rule}`)}::${data(`${message}\n${help}`)}\n`;
    })
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
