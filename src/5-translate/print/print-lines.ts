/** Statements of a generated block, one or more text lines each, not indented: a formatter lays them out. */
import type { Line } from '../code.js';
import type { Names } from './names.js';
import { printCode } from './print-code.js';

export function printLines(lines: readonly Line[], names: Names): string {
  return lines.map((line) => printLine(line, names)).join('\n');
}

function printLine(line: Line, names: Names): string {
  switch (line.kind) {
    case 'const':
      return `const ${line.pattern} = ${printCode(line.value, names)};`;
    case 'let':
      return `let ${line.name}${line.type === null ? '' : `: ${line.type}`}${line.value === null ? '' : ` = ${printCode(line.value, names)}`};`;
    case 'set':
      return `${line.target} = ${printCode(line.value, names)};`;
    case 'expression':
      return `${printCode(line.value, names)};`;
    case 'return':
      return line.value === null ? 'return;' : `return ${printCode(line.value, names)};`;
    case 'throw':
      return `throw ${printCode(line.value, names)};`;
    case 'if': {
      const test = printCode(line.test, names);
      const short = line.otherwise === null ? shortEnd(line.then, names) : null;
      if (short !== null && test.length + short.length < 100) return `if (${test}) ${short}`;
      const then = `if (${test}) ${block(line.then, names)}`;
      if (line.otherwise === null) return then;
      const [only] = line.otherwise;
      const chained = line.otherwise.length === 1 && only !== undefined && only.kind === 'if';
      return `${then} else ${chained ? printLine(only, names) : block(line.otherwise, names)}`;
    }
    case 'while':
      return `${label(line.label)}while (${printCode(line.test, names)}) ${block(line.body, names)}`;
    case 'for-of':
      return `${label(line.label)}for (const ${line.binding} of ${printCode(line.iterable, names)}) ${block(line.body, names)}`;
    case 'for': {
      const [from, to, by] = [line.from, line.to, line.by].map((code) => printCode(code, names));
      const [sign, step] = line.down ? ['>=', '-='] : ['<=', '+='];
      return `${label(line.label)}for (let ${line.name} = ${from}; ${line.name} ${sign} ${to}; ${line.name} ${step} ${by}) ${block(line.body, names)}`;
    }
    case 'labelled':
      return `${line.label}: ${block(line.body, names)}`;
    case 'break':
    case 'continue':
      return line.label === null ? `${line.kind};` : `${line.kind} ${line.label};`;
    case 'try':
      return `try ${block(line.body, names)} catch (${line.error}) ${block(line.handler, names)}`;
    case 'comment':
      return line.text
        .split('\n')
        .map((text) => `// ${text}`.trimEnd())
        .join('\n');
    case 'blank':
      return '';
  }
}

/** A branch that only ends needs no braces. */
function shortEnd(lines: readonly Line[], names: Names): string | null {
  const [only, ...others] = lines;
  const ends = only !== undefined && /^(throw|return|break|continue)$/.test(only.kind);
  return ends && others.length === 0 ? printLine(only, names) : null;
}

function block(lines: readonly Line[], names: Names): string {
  return `{\n${printLines(lines, names)}\n}`;
}

function label(name: string | null): string {
  return name === null ? '' : `${name}: `;
}
