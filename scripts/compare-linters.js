/**
 * What other linters find of what `check` finds: runs check, Biome, typescript-eslint (recommended-type-checked) and
 * eslint-plugin-drizzle on fixtures/guard in one call and writes the table of docs/linters.md. Biome and the plugin
 * are those of test/linters/package.json, installed there when first asked. Exit code 1 when the table has changed.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { format, resolveConfig } from 'prettier';
import tseslint from 'typescript-eslint';
import { ensureBuild } from './ensure-build.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const linters = join(root, 'test', 'linters');
const page = join(root, 'docs', 'linters.md');
const fromLinters = createRequire(join(linters, 'package.json'));

if (!existsSync(join(linters, 'node_modules', '@biomejs', 'biome'))) {
  const flags = ['--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps'];
  const { status } = spawnSync('npm', ['install', ...flags], {
    cwd: linters,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(2);
}
await ensureBuild();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'linters-')));
try {
  process.exitCode = await compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare() {
  cpSync(join(root, 'fixtures', 'guard'), join(folder, 'guard'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  cpSync(join(root, 'fixtures', 'tsconfig.json'), join(folder, 'tsconfig.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const tools = {
    check: runCheck(),
    Biome: runBiome(),
    'typescript-eslint': await runEslint(tseslint.configs.recommendedTypeChecked),
    'eslint-plugin-drizzle': await runEslint(drizzleConfig()),
  };
  const marked = markedLines();
  const rules = [...new Set(marked.map(({ rule }) => rule))].sort();
  const rows = rules.map((rule) => {
    const bad = marked.filter((one) => one.rule === rule);
    const cells = Object.entries(tools).map(([tool, found]) => {
      const hits = bad.filter(({ file, line }) => found.has(`${file}:${line}`));
      const ids = new Set(hits.flatMap(({ file, line }) => found.get(`${file}:${line}`)));
      const names = tool === 'check' || ids.size === 0 ? '' : ` (${[...ids].sort().join(', ')})`;
      return `${hits.length}${names}`;
    });
    return `| ${rule} | ${bad.length} | ${cells.join(' | ')} |`;
  });
  const total = Object.values(tools).map(
    (found) => marked.filter(({ file, line }) => found.has(`${file}:${line}`)).length,
  );
  const good = Object.values(tools).map(
    (found) => [...found.keys()].filter((place) => /^[\w-]+\/good\//.test(place)).length,
  );
  const table = [
    `| planted by rule | lines | ${Object.keys(tools).join(' | ')} |`,
    `| --- | --: | ${Object.keys(tools)
      .map(() => '---')
      .join(' | ')} |`,
    ...rows,
    `| all | ${marked.length} | ${total.join(' | ')} |`,
    `| lines reported in good code | ${countGood()} files | ${good.join(' | ')} |`,
  ].join('\n');
  return write(table);
}

async function write(table) {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const text = before.replace(
    /(<!-- table -->\n)[\s\S]*?(\n<!-- end -->)/,
    (_, start, end) => `${start}\n${table}\n${end}`,
  );
  const after = await format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
  process.stdout.write(`${table}\n`);
  if (after === before) return 0;
  writeFileSync(page, after);
  process.stderr.write('docs/linters.md has changed.\n');
  return 1;
}

/** Folders of rules that need a database hold a schema.sql; there a raw call is everywhere, and is not counted. */
function ruleFolders() {
  return readdirSync(join(folder, 'guard')).filter((name) => existsSync(join(folder, 'guard', name, 'bad')));
}

function markedLines() {
  return ruleFolders().flatMap((rule) =>
    readdirSync(join(folder, 'guard', rule, 'bad')).flatMap((name) =>
      readFileSync(join(folder, 'guard', rule, 'bad', name), 'utf8')
        .split('\n')
        .flatMap((text, index) =>
          /\/\/ finding$/.test(text) ? [{ rule, file: `${rule}/bad/${name}`, line: index + 1 }] : [],
        ),
    ),
  );
}

function countGood() {
  return ruleFolders().reduce(
    (sum, rule) => sum + readdirSync(join(folder, 'guard', rule, 'good')).length,
    0,
  );
}

/** Places, `rule/bad/file.ts:3`, to the ids of what was reported there. */
function collect(reports) {
  const found = new Map();
  for (const { file, line, id } of reports) {
    const place = `${file.split(sep).join('/')}:${line}`;
    found.set(place, [...(found.get(place) ?? []), id]);
  }
  return found;
}

function runCheck() {
  const schemas = ['shared/roles.sql', ...ruleFolders().map((rule) => `${rule}/schema.sql`)];
  const db = schemas.filter((name) => existsSync(join(folder, 'guard', name))).join(',');
  const args = [
    join(root, 'bin', 'migrate-rpc.js'),
    'check',
    '--db',
    db,
    '--role',
    'app',
    '--format',
    'json',
    ...ruleFolders(),
  ];
  const run = spawnSync(process.execPath, args, {
    cwd: join(folder, 'guard'),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (run.status !== 0 && run.status !== 1) throw new Error(run.stderr);
  // A line counts for the rule that it was planted for.
  return collect(
    JSON.parse(run.stdout)
      .findings.filter(({ rule, file }) => file.includes('/good/') || file.startsWith(`${rule}/`))
      .filter(
        ({ rule, file }) =>
          !(
            rule === 'raw-routine-call' && existsSync(join(folder, 'guard', file.split('/')[0], 'schema.sql'))
          ),
      )
      .map(({ rule, file, line }) => ({ id: rule, file, line })),
  );
}

function runBiome() {
  const config = {
    linter: {
      domains: { drizzle: 'all', types: 'all', project: 'recommended' },
      rules: {
        // Silent until they are told what a database is called.
        nursery: { noDrizzleDbObjectInsideTransaction: named(['db']) },
        suspicious: {
          noDrizzleDeleteWithoutWhere: named(['db', 'tx']),
          noDrizzleUpdateWithoutWhere: named(['db', 'tx']),
        },
      },
    },
    formatter: { enabled: false },
    assist: { enabled: false },
  };
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
  const bin = fromLinters.resolve('@biomejs/biome/bin/biome');
  const args = [
    bin,
    'lint',
    '--reporter=json',
    '--max-diagnostics=none',
    ...ruleFolders().map((rule) => `guard/${rule}`),
  ];
  const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!run.stdout.startsWith('{')) throw new Error(run.stderr);
  return collect(
    JSON.parse(run.stdout).diagnostics.flatMap(({ category, location }) => {
      const path = location?.path?.file ?? location?.path ?? '';
      const file = relative('guard', path);
      return /^lint\/(?!style|complexity)/.test(category ?? '')
        ? [{ id: category.split('/').at(-1), file, line: lineOf(path, location) }]
        : [];
    }),
  );
}

function named(drizzleObjectName) {
  return { level: 'error', options: { drizzleObjectName } };
}

/** Biome gives a place as a line, or as bytes from the start of the file. */
function lineOf(path, { span, start }) {
  if (start?.line !== undefined) return start.line;
  return readFileSync(join(folder, path))
    .subarray(0, span?.[0] ?? 0)
    .toString()
    .split('\n').length;
}

function drizzleConfig() {
  const plugin = fromLinters('eslint-plugin-drizzle');
  return [
    {
      files: ['**/*.ts'],
      plugins: { drizzle: plugin },
      rules: {
        'drizzle/enforce-delete-with-where': ['error', { drizzleObjectName: ['db', 'tx'] }],
        'drizzle/enforce-update-with-where': ['error', { drizzleObjectName: ['db', 'tx'] }],
      },
    },
  ];
}

async function runEslint(config) {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: {
          parser: tseslint.parser,
          parserOptions: { project: [join(folder, 'guard', 'tsconfig.json')], tsconfigRootDir: folder },
        },
      },
      ...config,
    ],
  });
  const results = await eslint.lintFiles(ruleFolders().map((rule) => `guard/${rule}/**/*.ts`));
  const fatal = results.flatMap(({ messages }) => messages).find(({ fatal: is }) => is);
  if (fatal !== undefined) throw new Error(fatal.message);
  return collect(
    results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line }) => ({
        id: (ruleId ?? '').split('/').at(-1),
        file: relative(join(folder, 'guard'), filePath),
        line,
      })),
    ),
  );
}
