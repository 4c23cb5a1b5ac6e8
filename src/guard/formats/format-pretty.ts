/** For people: findings by file, each with its code, what happens and how to mend it. */
import { codeFrameColumns } from '@babel/code-frame';
import type { Palette } from '../palette.js';
import { docsOf } from '../finding.js';
import type { ShownFinding } from './shown-finding.js';

/** `textOf` gives a file's text by its absolute path, or null. */
export function formatPretty(
  findings: readonly ShownFinding[],
  textOf: (path: string) => string | null,
  palette: Palette,
): string {
  let file = '';
  const lines: string[] = [];
  for (const finding of findings) {
    if (finding.shownFile !== file) {
      file = finding.shownFile;
      lines.push(palette.underline(file), '');
    }
    const mark = finding.severity === 'error' ? palette.red('error') : palette.yellow('warning');
    lines.push(`  ${finding.line}:${finding.column}  ${mark}  ${palette.bold(finding.rule)}`);
    const text = textOf(finding.file);
    if (text !== null) lines.push(...indent(frameOf(text, finding)));
    lines.push(...indent(finding.message), ...indent(palette.dim(`→ ${finding.help}`)));
    lines.push(...indent(palette.dim(docsOf(finding.rule))), '');
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function frameOf(text: string, { line, column, endLine, endColumn }: ShownFinding): string {
  const end = endLine === line ? { end: { line, column: endColumn } } : {};
  return codeFrameColumns(text, { start: { line, column }, ...end }, { linesAbove: 2, linesBelow: 1 });
}

function indent(text: string): readonly string[] {
  return text.split('\n').map((line) => `     ${line}`);
}
