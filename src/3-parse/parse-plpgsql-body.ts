import type { Catalog, Routine } from '../1-read/catalog.js';
import type { ParsingBody } from './parsing-body.js';
import type { BodyRefusal } from './refusal.js';

export function parsePlpgsqlBody(routine: Routine, _catalog: Catalog): ParsingBody | readonly BodyRefusal[] {
  return [{ id: 'unsupported', detail: `PL/pgSQL ${routine.name}`, line: null }];
}
