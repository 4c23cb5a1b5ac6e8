/** Whether several searches found the same calls; each found one is `path:line:column routine`. */

/**
 * Sentences on what differs, none when all found the same. A call found twice differs from one found once.
 * @param {readonly string[]} expected
 * @param {Readonly<Record<string, readonly string[]>>} found by the name of the search
 */
export function compareFound(expected, found) {
  return Object.entries(found).flatMap(([search, calls]) => [
    ...without(expected, calls).map((call) => `${search} misses ${call}`),
    ...without(calls, expected).map((call) => `${search} finds ${call}, which is none`),
  ]);
}

/** What of `list` is left when each of `others` takes one of its like away. */
function without(list, others) {
  const left = [...others];
  return list.filter((one) => {
    const index = left.indexOf(one);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
