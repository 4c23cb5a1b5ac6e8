/**
 * `// migrate-rpc-ignore <rule>: reason` accepts what a rule finds on its own line or on the next line of code. One
 * that accepts nothing, or gives no reason, is itself a finding, so that none outlives its cause.
 */
import { ts } from 'ts-morph';
import type { Finding } from './finding.js';

/** The rule under which comments themselves are found. It cannot be switched off. */
export const ignoreRule = 'ignore-comment';

interface IgnoreComment {
  readonly rule: string;
  readonly reason: string;
  /** 0-based line of the comment, and of the code that it speaks of. */
  readonly line: number;
  readonly target: number;
  readonly start: number;
}

/** Findings without the accepted ones, with one for each comment that is of no use. `known`: the rules that ran. */
export function applyIgnores(
  file: ts.SourceFile,
  findings: readonly Finding[],
  known: ReadonlySet<string>,
): Finding[] {
  if (!file.text.includes('migrate-rpc-ignore')) return [...findings];
  const comments = readIgnores(file);
  const accepted = new Set<Finding>();
  const problems: Finding[] = [];
  for (const comment of comments) {
    const matched = findings.filter(
      (finding) =>
        finding.rule === comment.rule &&
        (finding.line - 1 === comment.target || finding.line - 1 === comment.line),
    );
    if (comment.reason === '') {
      problems.push(
        complaint(
          file,
          comment,
          'A comment that accepts a finding gives no reason, so it accepts nothing.',
          'Write `// migrate-rpc-ignore <rule>: why this is right here`.',
        ),
      );
    } else if (matched.length > 0) matched.forEach((finding) => accepted.add(finding));
    else if (known.has(comment.rule) || !isRuleName(comment.rule)) {
      problems.push(
        complaint(
          file,
          comment,
          `Nothing is found here by ${comment.rule === '' ? 'any rule' : comment.rule}: the comment accepts nothing.`,
          'Delete the comment, or name the rule that it is for.',
        ),
      );
    }
  }
  return [...findings.filter((finding) => !accepted.has(finding)), ...problems];
}

function isRuleName(text: string): boolean {
  return /^[a-z]+(?:-[a-z]+)+$/.test(text);
}

function readIgnores(file: ts.SourceFile): readonly IgnoreComment[] {
  const pattern =
    /(?:\/\/|\/\*)[ \t]*migrate-rpc-ignore\b[ \t]*([\w-]*)[ \t]*(?::[ \t]*([^\r\n]*?))?[ \t]*(?:\*\/|$)/gm;
  return [...file.text.matchAll(pattern)].flatMap((match) => {
    if (isInLiteral(file, match.index)) return [];
    const { line } = file.getLineAndCharacterOfPosition(match.index);
    return [
      {
        rule: match[1] ?? '',
        reason: (match[2] ?? '').trim(),
        line,
        target: nextLineOfCode(file, line),
        start: match.index,
      },
    ];
  });
}

/** Comments may stand above one another. */
function nextLineOfCode(file: ts.SourceFile, line: number): number {
  const lines = file.getLineStarts();
  for (let at = line + 1; at < lines.length; at += 1) {
    const text = file.text.slice(lines[at], lines[at + 1] ?? file.text.length).trim();
    if (text !== '' && !/^(?:\/\/|\/\*|\*|\{\s*\/\*)/.test(text)) return at;
  }
  return line;
}

function isInLiteral(file: ts.SourceFile, position: number): boolean {
  let inside = false;
  const visit = (node: ts.Node): void => {
    if (position < node.getStart(file) || position >= node.end) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node)) inside = true;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return inside;
}

function complaint(file: ts.SourceFile, comment: IgnoreComment, message: string, help: string): Finding {
  const { line, character } = file.getLineAndCharacterOfPosition(comment.start);
  const starts = file.getLineStarts();
  const code = file.text.slice(starts[line] ?? 0, starts[line + 1] ?? file.text.length).trim();
  return {
    rule: ignoreRule,
    severity: 'error',
    file: file.fileName,
    line: line + 1,
    column: character + 1,
    endLine: line + 1,
    endColumn: character + 1 + Math.max(1, code.length),
    message,
    help,
    code,
  };
}
