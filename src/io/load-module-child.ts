/**
 * The child process of load-module.ts: imports the user's modules with jiti and hands their exports to a
 * reader. Relative value imports are absent on purpose, so that it starts compiled and from source alike.
 */
import net from 'node:net';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import type { ChildMessage, ChildRequest, LoadAnswer, LoadedModules, LoadFailure } from './load-module.js';

interface Reader {
  readModules(modules: LoadedModules): Promise<unknown>;
}

const exit = process.exit.bind(process);

process.once('message', (request: ChildRequest) => {
  forbidEffects();
  answer(request)
    .catch((error: unknown): LoadAnswer => ({ ok: false, because: clauseOf(error) }))
    .then((result) => {
      tell({ kind: 'answer', answer: result }, () => exit(0));
    }, exit);
});

function tell(message: ChildMessage, sent: () => void): void {
  process.send?.(message, sent);
}

/** A module that only declares tables needs neither the network nor the end of the process. */
function forbidEffects(): void {
  process.exit = (code?: number) => {
    throw new Error(`it called process.exit(${code ?? ''})`);
  };
  net.Socket.prototype.connect = () => {
    throw new Error('it opened a network connection');
  };
  process.on('uncaughtException', () => undefined);
  process.on('unhandledRejection', () => undefined);
}

async function answer(request: ChildRequest): Promise<LoadAnswer> {
  const jiti = createJiti(request.packageFile, {
    fsCache: false,
    interopDefault: true,
    tsconfigPaths: request.tsconfig ?? true,
    alias: { 'server-only': request.emptyModule, 'client-only': request.emptyModule },
  });
  const modules: { file: string; exports: Readonly<Record<string, unknown>> }[] = [];
  const failures: LoadFailure[] = [];
  for (const file of request.files) {
    // Told before it begins, since a module may block or end this process.
    await new Promise<void>((resolve) => tell({ kind: 'loading', file }, resolve));
    try {
      modules.push({ file, exports: { ...(await jiti.import<Record<string, unknown>>(file)) } });
    } catch (error) {
      failures.push({ file, because: clauseOf(error) });
    }
  }
  const reader = await jiti.import<Reader>(request.reader);
  const data = await reader.readModules({
    modules,
    load: (specifier, from) => jiti.import(jiti.esmResolve(specifier, pathToFileURL(from).href)),
  });
  return { ok: true, data, failures };
}

function clauseOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split('\n')[0] ?? '';
  return /^it (called|opened) /.test(first) ? first : `it threw: ${first.slice(0, 300)}`;
}
