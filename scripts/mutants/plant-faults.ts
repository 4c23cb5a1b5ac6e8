/** Plants one fault at a time in the stand-alone text of a translation. */
import { ts } from 'ts-morph';
import { operators } from './operators.js';

export interface Mutant {
  /** Name of the operator: `drop a WHERE term`. */
  readonly operator: string;
  /** What stood there and what stands there now. */
  readonly was: string;
  readonly is: string;
  readonly text: string;
  /** The statement that it stands in, as it was. */
  readonly statement: string;
}

export interface Fault {
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  readonly is: string;
}

export interface Site {
  readonly node: ts.Node;
  readonly source: ts.SourceFile;
  /** Text of a node as written. */
  text(node: ts.Node): string;
  /** Name of what is called, without the mark that the printer puts before imports. */
  callee(node: ts.CallExpression): string;
}

/** Only what the translation itself says is touched: `run` and `routine`, not the helpers beside them. */
export function plantFaults(text: string): readonly Mutant[] {
  const source = ts.createSourceFile('after.ts', text, ts.ScriptTarget.Latest, true);
  const faults: Fault[] = [];
  const visit = (node: ts.Node): void => {
    const site: Site = {
      node,
      source,
      text: (one) => one.getText(source),
      callee: ({ expression }) =>
        (ts.isPropertyAccessExpression(expression)
          ? expression.name.text
          : expression.getText(source)
        ).replace(/^_/, ''),
    };
    for (const operator of operators) faults.push(...operator(site));
    ts.forEachChild(node, visit);
  };
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && /^(run|routine)$/.test(statement.name?.text ?? '')) {
      if (statement.body !== undefined) visit(statement.body);
    }
  }
  const seen = new Set([text]);
  return faults.flatMap(({ operator, start, end, is }) => {
    const planted = text.slice(0, start) + is + text.slice(end);
    if (seen.has(planted)) return [];
    seen.add(planted);
    const statement = statementAt(source, start);
    return [{ operator, was: text.slice(start, end), is, text: planted, statement }];
  });
}

/** The innermost statement round a place. */
function statementAt(source: ts.SourceFile, place: number): string {
  let found = '';
  const visit = (node: ts.Node): void => {
    if (node.getStart() > place || node.getEnd() <= place) return;
    if (ts.isStatement(node) && !ts.isBlock(node)) found = node.getText();
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
