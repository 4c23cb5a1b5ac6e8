/** Tables that a body reads, writes or locks. */
import type { Catalog, Relation } from '../1-read/catalog.js';
import type { Body } from '../3-parse/body.js';
import { walkBody } from './walk-body.js';

export interface TouchedTable {
  readonly relation: Relation;
  /** SQL verbs that write to it here. */
  readonly writes: ReadonlySet<'insert' | 'update' | 'delete'>;
}

/** In the order of first mention. */
export function touchedTables(body: Body, catalog: Catalog): readonly TouchedTable[] {
  const found = new Map<number, { relation: Relation; writes: Set<'insert' | 'update' | 'delete'> }>();
  const touch = (oid: unknown): Set<'insert' | 'update' | 'delete'> | null => {
    const relation = catalog.relations.find((each) => each.oid === oid);
    if (!relation) return null;
    const entry = found.get(relation.oid) ?? { relation, writes: new Set() };
    found.set(relation.oid, entry);
    return entry.writes;
  };
  walkBody(body, ({ node }) => {
    if (node.kind === 'table') touch(node['oid']);
    const target = node.kind === 'insert' ? node['into'] : node['table'];
    if (
      !/^(insert|update|delete)$/.test(node.kind) ||
      typeof target !== 'object' ||
      target === null ||
      !('oid' in target)
    )
      return;
    const writes = touch(target.oid);
    writes?.add(node.kind as 'insert' | 'update' | 'delete');
    if (node.kind === 'insert' && (node['onConflict'] as { action?: string } | null)?.action === 'update')
      writes?.add('update');
  });
  return [...found.values()];
}
