/** Lays out a new file with the project's own Prettier, or with the bundled one where it has none. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { FileStyle } from './file-style.js';
import { formatText } from './lay-out.js';

interface Prettier {
  format(text: string, options: object): Promise<string>;
  resolveConfig(path: string): Promise<object | null>;
}

/** @param packageFile the package.json whose node_modules may hold a Prettier of version 3. */
export async function formatModule(
  text: string,
  path: string,
  style: FileStyle,
  packageFile: string,
): Promise<string> {
  const own = await loadPrettier(packageFile);
  if (own !== null) {
    try {
      const configured = await own.resolveConfig(path);
      const options = { ...(configured ?? style), filepath: path, endOfLine: 'lf' };
      return await untilStable(text, (each) => own.format(each, options));
    } catch {
      // A configuration that does not load is theirs to mend; the layout is then that of the neighbours.
    }
  }
  return untilStable(text, (each) => formatText(each, style));
}

/** An object that the formatter has just broken changes how it breaks the chain of calls round it. */
async function untilStable(text: string, format: (text: string) => Promise<string>): Promise<string> {
  const once = await format(text);
  const twice = await format(once);
  return twice === once ? once : format(twice);
}

async function loadPrettier(packageFile: string): Promise<Prettier | null> {
  try {
    const entry = createRequire(packageFile).resolve('prettier');
    const loaded = (await import(pathToFileURL(entry).href)) as Partial<Prettier> & {
      default?: Partial<Prettier>;
    };
    const module = typeof loaded.format === 'function' ? loaded : loaded.default;
    return module?.format && module.resolveConfig ? (module as Prettier) : null;
  } catch {
    return null;
  }
}
