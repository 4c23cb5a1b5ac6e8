/** The codemods of `transforms/`, which are TypeScript and run without a build. */
import { fileURLToPath } from 'node:url';

interface CodemodApi {
  readonly report: (message: string) => void;
}

type Transform = (
  file: { readonly path: string; readonly source: string },
  api: CodemodApi,
  options: { readonly places: readonly object[] },
) => string | undefined;

/** The codemod of that name as a function of a text and the places that it is asked to mend. */
export async function loadCodemod(name: string) {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, { fsCache: false });
  const path = fileURLToPath(new URL(`../../transforms/${name}.ts`, import.meta.url));
  const { default: transform } = await jiti.import<{ default: Transform }>(path);
  return (
    file: { readonly path: string; readonly source: string },
    places: readonly object[],
    options: object,
  ) => {
    const left: string[] = [];
    const report = (message: string): void => void left.push(message);
    const text = transform(file, { report }, { ...options, places }) ?? file.source;
    return { text, left };
  };
}
