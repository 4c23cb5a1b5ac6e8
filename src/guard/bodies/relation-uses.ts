/** Which relations a text names, and what it does with them. */
import { identifierOf, type TextToken } from './tokens.js';

export interface RelationUse {
  readonly schema: string | null;
  readonly name: string;
  readonly use: 'select' | 'insert' | 'update' | 'delete' | 'truncate';
  readonly line: number;
}

export function relationUses(tokens: readonly TextToken[]): readonly RelationUse[] {
  const local = commonTables(tokens);
  const found: RelationUse[] = [];
  const add = (index: number, use: RelationUse['use']): void => {
    let at = index;
    while (/^(?:only|lateral|table)$/.test(tokens[at]?.word ?? '')) at += 1;
    const first = tokens[at];
    // `THEN UPDATE SET` of a MERGE names no table.
    if (first?.kind !== 'name' || first.word === 'set') return;
    const second = tokens[at + 1]?.text === '.' ? tokens[at + 2] : undefined;
    if (tokens[at + (second === undefined ? 1 : 3)]?.text === '(' && use === 'select') return;
    const name = identifierOf(second ?? first);
    if (second === undefined && local.has(name)) return;
    found.push({ schema: second === undefined ? null : identifierOf(first), name, use, line: first.line });
  };
  const lists: boolean[] = [false];
  tokens.forEach((token, index) => {
    const before = tokens[index - 1]?.word ?? '';
    if (token.text === '(') lists.push(false);
    else if (token.text === ')') lists.pop();
    if (lists.length === 0) lists.push(false);
    const depth = lists.length - 1;
    if (token.word === 'from' && before === 'delete') add(index + 1, 'delete');
    else if (token.word === 'from' && before !== 'distinct') {
      lists[depth] = true;
      add(index + 1, 'select');
    } else if (token.word === 'join' || (token.word === 'using' && tokens[index + 1]?.text !== '('))
      add(index + 1, 'select');
    else if (token.text === ',' && lists[depth] === true) add(index + 1, 'select');
    else if (token.word === 'into' && /^(?:insert|merge)$/.test(before)) add(index + 1, 'insert');
    else if (token.word === 'update' && !/^(?:for|key|do|or|on|before|after|of)$/.test(before))
      add(index + 1, 'update');
    else if (token.word === 'truncate') add(index + 1, 'truncate');
    else if (/^(?:where|group|order|limit|having|union|window|returning|set|;|loop|select)$/.test(token.word))
      lists[depth] = false;
  });
  return found;
}

/** `name AS (`: a common table expression hides a table of that name. */
function commonTables(tokens: readonly TextToken[]): ReadonlySet<string> {
  const names = new Set<string>();
  tokens.forEach((token, index) => {
    if (token.word !== 'as') return;
    let at = index + 1;
    while (/^(?:not|materialized)$/.test(tokens[at]?.word ?? '')) at += 1;
    const name = tokens[index - 1];
    if (tokens[at]?.text === '(' && name?.kind === 'name') names.add(identifierOf(name));
  });
  return names;
}
