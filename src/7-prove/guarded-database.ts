/** The `db` that a side is given: it refuses to be used while a transaction of it is open. */
import type { UserDatabase } from './user-runtime.js';

export class OuterClientUsed extends Error {
  constructor(property: string) {
    super(`db.${property} is used while a transaction of db is open; use its tx`);
    this.name = 'OuterClientUsed';
  }
}

export interface GuardedDatabase {
  readonly db: UserDatabase;
  /** The first misuse, also when the side swallowed the error. */
  misuse(): OuterClientUsed | null;
}

/** A fresh guard; make one for each run of a side. */
export function guardDatabase(db: UserDatabase): GuardedDatabase {
  let open = 0;
  let misuse: OuterClientUsed | null = null;

  const transaction: UserDatabase['transaction'] = (callback, config) =>
    db.transaction(async (tx) => {
      open += 1;
      try {
        return await callback(tx);
      } finally {
        open -= 1;
      }
    }, config);

  const guarded = new Proxy(db, {
    get(target, property, receiver) {
      if (open > 0 && typeof property === 'string' && property !== 'then') {
        misuse ??= new OuterClientUsed(property);
        throw misuse;
      }
      if (property === 'transaction') return transaction;
      const value: unknown = Reflect.get(target, property, receiver);
      return typeof value === 'function' && property !== '$client'
        ? (value as (...all: unknown[]) => unknown).bind(target)
        : value;
    },
  });
  return { db: guarded, misuse: () => misuse };
}
