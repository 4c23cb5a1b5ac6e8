/** What is said of loading SQL files; the same thing said of many lines is one sentence. */

export interface LoadingNotes {
  /** `line` is null where the whole file is meant. */
  add(file: string, line: number | null, words: string): void;
  /** In the order in which each was first said: `a.sql:3: skipped … (12 times in this file)`. */
  sentences(): string[];
}

export function loadingNotes(): LoadingNotes {
  const said = new Map<string, { readonly place: string; readonly words: string; times: number }>();
  return {
    add(file, line, words) {
      const key = `${file}\0${words}`;
      const before = said.get(key);
      if (before) before.times += 1;
      else said.set(key, { place: line === null ? file : `${file}:${line}`, words, times: 1 });
    },
    sentences: () =>
      [...said.values()].map(({ place, words, times }) =>
        times === 1 ? `${place}: ${words}` : `${place}: ${words} (${times} times in this file)`,
      ),
  };
}
