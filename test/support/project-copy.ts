/** Working copies of fixtures/projects, and what their behaviour checks see. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const root = join(import.meta.dirname, '..', '..');

export interface ProjectCopy extends AsyncDisposable {
  readonly folder: string;
  remove(): Promise<void>;
}

export interface SeenCheck {
  readonly name: string;
  readonly seen: unknown;
  readonly expected: unknown;
}

/** Copies a project to a temporary folder in which its packages resolve as in the original. */
export async function copyProject(name: string): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  await cp(join(root, 'fixtures', 'projects', name), folder, { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const remove = () => rm(folder, { recursive: true, force: true });
  return { folder, remove, [Symbol.asyncDispose]: remove };
}

/** The project's SQL files in name order, and UTC, so that timestamps read the same everywhere. */
export async function projectSql(name: string, below = 'sql'): Promise<string[]> {
  const folder = join(root, 'fixtures', 'projects', name, below);
  const files = (await readdir(folder)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return [
    ...texts,
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone TO ''UTC''', current_database()); END $$`,
  ];
}

/** Runs the project's behaviour.ts, or another file of checks, on an empty database of its schema. */
export async function runBehaviour(
  folder: string,
  url: string,
  { file = 'behaviour.ts', env = {} }: { file?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<SeenCheck[]> {
  const child = join(import.meta.dirname, 'behaviour-child.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [child, folder, file], {
    cwd: root,
    env: { ...process.env, ...env, DATABASE_URL: url },
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout) as SeenCheck[];
}

/** All files below src, by their path, sorted. */
export async function sourceTexts(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(join(folder, 'src'), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const texts = await Promise.all(
    paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const),
  );
  return Object.fromEntries(texts);
}
