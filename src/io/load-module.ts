/**
 * Runs modules of the user's project in a child process and brings plain data back.
 * The child has a deadline, no database settings in its environment, no network and no output; a module
 * that throws, exits or never ends is an answer, not an error. Nothing is written into the project.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface LoadRequest {
  /** package.json at which module resolution starts. */
  readonly packageFile: string;
  /** For `paths` aliases. */
  readonly tsconfig: string | null;
  /** Absolute paths of the modules, loaded in order into one process. */
  readonly files: readonly string[];
  /**
   * URL of a module of this program, without relative value imports, whose export
   * `readModules(modules: LoadedModules): Promise<unknown>` makes the plain data.
   */
  readonly reader: URL;
  /** Milliseconds; 20 seconds when left out. */
  readonly deadline?: number;
}

/** What the reader is given in the child process. */
export interface LoadedModules {
  readonly modules: readonly { readonly file: string; readonly exports: Readonly<Record<string, unknown>> }[];
  /** Imports a package as the module `from` would. */
  load(specifier: string, from: string): Promise<unknown>;
}

export type LoadAnswer =
  | {
      readonly ok: true;
      readonly data: unknown;
      /** Modules that could not be loaded, each with a clause such as `it threw: x is not defined`. */
      readonly failures: readonly LoadFailure[];
    }
  | { readonly ok: false; readonly because: string };

export interface LoadFailure {
  readonly file: string;
  readonly because: string;
}

/** The messages between the two processes. */
export interface ChildRequest extends Omit<LoadRequest, 'reader' | 'deadline'> {
  readonly reader: string;
  /** A module without content, in place of `server-only` and `client-only`. */
  readonly emptyModule: string;
}

/** What the child says: which module it begins with, and at the end the answer. */
export type ChildMessage =
  | { readonly kind: 'loading'; readonly file: string }
  | { readonly kind: 'answer'; readonly answer: LoadAnswer };

/**
 * Never throws for what the user's modules do. A module that ends or blocks the process is left out and the
 * others are loaded again; the deadline is for all of it.
 */
export async function loadModules(request: LoadRequest): Promise<LoadAnswer> {
  const end = Date.now() + (request.deadline ?? 20_000);
  const failures: LoadFailure[] = [];
  for (let files = request.files; ;) {
    // A module that blocks must leave time for the others.
    const share = files.length > 1 ? (end - Date.now()) / 2 : end - Date.now();
    const { answer, last } = await loadOnce({ ...request, files }, Math.max(share, 500));
    if (answer.ok) return { ...answer, failures: [...failures, ...answer.failures] };
    const rest = files.filter((file) => file !== last);
    if (last === null || rest.length === 0 || rest.length === files.length || Date.now() >= end)
      return answer;
    failures.push({ file: last, because: answer.because });
    files = rest;
  }
}

async function loadOnce(
  request: LoadRequest,
  time: number,
): Promise<{ readonly answer: LoadAnswer; readonly last: string | null }> {
  const child = start(dirname(request.packageFile));
  let last: string | null = null;
  const answer = new Promise<LoadAnswer>((resolve) => {
    const timer = setTimeout(() => {
      resolve({ ok: false, because: `it did not finish within ${Math.round(time / 100) / 10} s` });
    }, time);
    child.on('message', (message: ChildMessage) => {
      if (message.kind === 'loading') last = message.file;
      else resolve(message.answer);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, because: `the process could not be started: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ ok: false, because: `it ended the process (${signal ?? `exit code ${code ?? 0}`})` });
    });
  });
  const message: ChildRequest = {
    packageFile: request.packageFile,
    tsconfig: request.tsconfig,
    files: request.files,
    reader: fileURLToPath(request.reader),
    emptyModule: sibling('load-module-empty'),
  };
  child.send(message, () => undefined);
  try {
    return { answer: await answer, last };
  } finally {
    child.kill('SIGKILL');
  }
}

/** Compiled, the entry runs as it is; from TypeScript source it goes through jiti. */
function start(cwd: string): ChildProcess {
  const entry = sibling('load-module-child');
  const options = {
    cwd,
    env: quietEnvironment(process.env),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'] as ('ignore' | 'ipc')[],
    execArgv: [] as string[],
  };
  if (extname(entry) === '.js') return fork(entry, [], options);
  const jiti = pathToFileURL(createRequire(import.meta.url).resolve('jiti')).href;
  const script = `import { createJiti } from ${JSON.stringify(jiti)}; await createJiti(${JSON.stringify(entry)}, { fsCache: false }).import(${JSON.stringify(entry)});`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], options);
}

function sibling(name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(fileURLToPath(import.meta.url))}`, import.meta.url));
}

const databaseName = /^PG[A-Z]+$|DATABASE|POSTGRES|SUPABASE_DB|(^|_)DB(_|$)|_DSN$/;
const connectionUrl = /^[a-z][a-z0-9+.-]*:\/\/[^\s/]*@|^postgres(ql)?:/i;

/** The environment without anything that could lead to a database. */
function quietEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name, value]) => !databaseName.test(name.toUpperCase()) && !connectionUrl.test(value ?? ''),
  );
  return { ...Object.fromEntries(kept), NODE_OPTIONS: '' };
}
