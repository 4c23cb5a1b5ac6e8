import { afterAll, describe, expect, it } from 'vitest';
import { MigrateError } from '../../../src/errors.js';
import { newDiagnostics } from '../../../src/source/diagnostics.js';
import { openProgram } from '../../../src/source/open-program.js';
import { projectFolder } from '../../support/project-folder.js';

const folder = projectFolder({
  'package.json': '{ "type": "module" }',
  'tsconfig.json': `{
    // Neither strict nor types are set.
    "compilerOptions": { "target": "ES2022", "module": "ESNext", "moduleResolution": "bundler" },
    "include": ["src"]
  }`,
  'src/total.ts': [
    'export function total(rows: { n: number }[]) {',
    '  const first = rows[0].n;',
    '  return process.env.TZ ? first : null;',
    '}',
    '',
  ].join('\r\n'),
  'src/wrong.ts': '\uFEFFexport const a: number = "x";\nexport const b: number = "x";\n',
  'src/user.ts': "import { total } from './total';\nexport const t: number = total([]);\n",
  'ambient/tsconfig.json': `{ "compilerOptions": { "target": "ES2022", "module": "ESNext", "paths": { "@user": ["./user.ts"] } } }`,
  'ambient/declared.d.ts': 'declare const declared: number;\n',
  'ambient/script.ts': 'var fromScript = 1;\n',
  'ambient/augments.ts': 'export {};\ndeclare global {\n  var augmented: number;\n}\n',
  'ambient/user.ts': 'export const sum: number = declared + fromScript + augmented;\n',
  'ambient/index.ts': "export * from '@user';\n",
  'ambient/lazy.ts': "const later = () => import('./user.js');\nexport const wrong: string = later;\n",
  'broken/tsconfig.json': '{ "compilerOptions": { "strict": tru',
  'orphan/tsconfig.json': '{ "extends": "./absent.json" }',
  'solution/tsconfig.json': '{ "files": [], "references": [{ "path": "./app" }] }',
  'solution/app/tsconfig.json':
    '{ "compilerOptions": { "composite": true, "strict": true, "target": "ES2022" } }',
  'solution/app/main.ts': 'export const x: string = null;\n',
});
afterAll(() => {
  folder.remove();
});

const total = folder.path('src/total.ts');
const wrong = folder.path('src/wrong.ts');
const user = folder.path('src/user.ts');
const ambientUser = folder.path('ambient/user.ts');
const program = openProgram({ tsconfig: folder.path('tsconfig.json'), files: [total] });

describe('openProgram', () => {
  it('takes the defaults of TypeScript 5 for what the tsconfig leaves unset', () => {
    expect(program.compilerOptions).toMatchObject({ strict: false, types: ['*'] });
    expect(program.diagnostics([total])).toEqual([]);
  });

  it('keeps line endings and removes the BOM, so that offsets are those of the text', () => {
    expect(program.getSourceFile(total).getFullText()).toContain('{\r\n');
    expect(program.getSourceFile(wrong).getFullText().startsWith('export')).toBe(true);
  });

  it('reports syntax and type errors with their lines', () => {
    expect(program.diagnostics([wrong]).map(({ code, line }) => [code, line])).toEqual([
      [2322, 1],
      [2322, 2],
    ]);
  });

  it('evaluates changed and new texts and restores what was', () => {
    const made = folder.path('src/new/folder/made.ts');
    const changes = [
      {
        path: total,
        text: "import { one } from './new/folder/made';\nexport const total = (rows: unknown[]): string => one;\n",
      },
      { path: made, text: "\uFEFFexport const one = 'one';\n" },
    ];
    expect(program.withTexts(changes)).toEqual([]);
    expect(program.withTexts(changes, [total, user])).toMatchObject([{ file: user, code: 2322 }]);
    expect(program.diagnostics([total, user, made])).toEqual([]);
    expect(program.getSourceFile(total).getFullText()).toContain('rows[0].n');
  });

  it('answers from another checker over the same trees', () => {
    const [checker, tree] = [program.checker, program.getSourceFile(total)];
    program.renewChecker();
    expect(program.checker === checker).toBe(false);
    expect(program.getSourceFile(total) === tree).toBe(true);
  });

  it('finds the modules that import a file', () => {
    expect(program.importersOf([total])).toEqual([user]);
    expect(program.importersOf([user, wrong])).toEqual([]);
  });

  it('knows the declarations and scripts that nobody imports', () => {
    const uses = openProgram({ tsconfig: folder.path('ambient/tsconfig.json'), files: [ambientUser] });
    expect(uses.diagnostics([ambientUser])).toEqual([]);
    expect(uses.importersOf([ambientUser])).toEqual([
      folder.path('ambient/index.ts'),
      folder.path('ambient/lazy.ts'),
    ]);
    expect(uses.diagnostics([folder.path('ambient/lazy.ts')])).toMatchObject([{ code: 2322, line: 2 }]);
  });

  it('follows a solution file to the project that holds the files', () => {
    const main = folder.path('solution/app/main.ts');
    const solution = openProgram({ tsconfig: folder.path('solution/tsconfig.json'), files: [main] });
    expect(solution.compilerOptions.strict).toBe(true);
    expect(solution.diagnostics([main])).toHaveLength(1);
  });

  it('works without a tsconfig', () => {
    const bare = openProgram({ tsconfig: null, files: [wrong] });
    expect(bare.diagnostics([wrong])).toHaveLength(2);
  });

  it.each([
    ['broken/tsconfig.json', 'tsconfig.json:1'],
    ['orphan/tsconfig.json', 'orphan/tsconfig.json'],
    ['absent/tsconfig.json', 'absent/tsconfig.json'],
  ])('says that %s does not load', (name, title) => {
    const bad = openProgram({ tsconfig: folder.path(name), files: [total] });
    expect(() => bad.diagnostics([total])).toThrowError(MigrateError);
    expect(() => bad.diagnostics([total])).toThrowError(title);
  });

  it('says that a source file cannot be read', () => {
    expect(() => program.getSourceFile(folder.path('src/absent.ts'))).toThrowError(
      /absent\.ts cannot be read/,
    );
  });
});

describe('newDiagnostics', () => {
  const at = (code: number, line: number, message = 'm') => ({ file: 'f.ts', code, message, line });

  it('lets lines move', () => {
    expect(newDiagnostics([at(1, 1)], [at(1, 9)])).toEqual([]);
  });

  it('counts how often one stands', () => {
    expect(newDiagnostics([at(1, 1)], [at(1, 1), at(1, 5)])).toEqual([at(1, 5)]);
    expect(newDiagnostics([at(1, 1)], [at(1, 1, 'other')])).toEqual([at(1, 1, 'other')]);
  });
});
