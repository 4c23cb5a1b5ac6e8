/** Test files that a rewriting may break: those that use a rewritten file, or replace what it calls. */
import { listTestFiles, readTextIfPresent } from '../io/project-files.js';
import { byPart } from './assemble-parts.js';
import type { Part } from './open-parts.js';
import type { Candidate } from './site-state.js';

/** Absolute paths of test files, sorted, by the file with sites that each belongs to. */
export async function findTests(
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tests = new Map<string, Set<string>>();
  const texts = new Map<string, string>();
  const listed = new Map<string, readonly string[]>();
  for (const [part, own] of byPart(candidates)) {
    const { root } = part.project;
    const files = listed.get(root) ?? (await listTestFiles(root));
    listed.set(root, files);
    for (const file of files) {
      const text = texts.get(file) ?? readTextIfPresent(file) ?? '';
      texts.set(file, text);
      for (const used of sitesOfTest(file, text, part, own)) {
        tests.set(used, (tests.get(used) ?? new Set()).add(file));
      }
    }
  }
  return new Map([...tests].map(([file, found]) => [file, [...found].sort()]));
}

const specifier =
  /(?:\bfrom|\bimport|\brequire(?:\.resolve)?|\b\w*[mM]ock\w*|\b\w*Actual)\s*(?:<[^>\n]*>)?\s*\(?\s*(?:import\s*\(\s*)?(['"`])([^'"`\n]+)\1/g;
const replaces = /\b(?:mock\w*|spyOn|stub\w*|fn|replace)\s*\(/i;
const sends = /\b(?:execute|query|unsafe)\b/;

function sitesOfTest(
  file: string,
  text: string,
  { project, place }: Part,
  candidates: readonly Candidate[],
): readonly string[] {
  const used = new Set(
    [...text.matchAll(specifier)].flatMap(([, , name]) => place.resolver.resolve(file, name ?? '') ?? []),
  );
  const siteFiles = [...new Set(candidates.map(({ site }) => site.site.file))];
  const direct = siteFiles.filter((path) => used.has(path));
  // A test that stands in for the client answers a call that is not made any more.
  const standsIn =
    replaces.test(text) && sends.test(text) && project.clients.some((client) => used.has(client.file));
  return standsIn ? siteFiles : direct;
}
