/**
 * The body of a routine as our own small readonly tree: names resolved, types filled in.
 * What the tree cannot hold is an `unsupported` node with its construct's name; nothing is guessed.
 * Lines are 1-based lines of the routine's source.
 */
import type { Expression } from './expression.js';
import type { Statement } from './statement.js';

export type Body = SqlBody | PlpgsqlBody;

export interface SqlBody {
  readonly kind: 'sql';
  readonly statements: readonly Statement[];
  /** All parameter occurrences with what an untyped parameter resolves to there; see expression.ts. */
}

export interface PlpgsqlBody {
  readonly kind: 'plpgsql';
  readonly variables: readonly Variable[];
  readonly block: Block;
}

/** A declared variable, the FOUND variable, or an OUT or TABLE column. Parameters that are IN are not variables. */
export interface Variable {
  readonly id: number;
  readonly name: string;
  readonly origin: 'declared' | 'out' | 'found' | 'loop';
  /** Type OID, or null for RECORD. */
  readonly type: number | null;
  readonly typmod: number;
  readonly constant: boolean;
  readonly notNull: boolean;
  readonly default: Expression | null;
  readonly line: number;
}

export interface Block {
  readonly kind: 'block';
  readonly label: string | null;
  readonly declares: readonly number[];
  readonly statements: readonly Step[];
  readonly handlers: readonly Handler[];
  /** Ids of SQLSTATE and SQLERRM, which the handlers may read; null: it has none. */
  readonly failure: Failure | null;
  readonly line: number;
}

export interface Failure {
  readonly sqlstate: number;
  readonly sqlerrm: number;
}

export interface Handler {
  /** Condition names or five-character SQLSTATEs; `others`. */
  readonly conditions: readonly string[];
  readonly statements: readonly Step[];
  readonly line: number;
}

/** A PL/pgSQL statement. */
export type Step =
  | Block
  | {
      readonly kind: 'assign';
      readonly target: Target;
      readonly value: Expression;
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly {
        readonly condition: Expression;
        readonly then: readonly Step[];
        readonly line: number;
      }[];
      readonly otherwise: readonly Step[] | null;
      /** It was written as ASSERT. */
      readonly assertion?: true;
      readonly line: number;
    }
  | {
      readonly kind: 'case';
      readonly subject: Expression | null;
      readonly branches: readonly {
        readonly values: readonly Expression[];
        readonly then: readonly Step[];
        readonly line: number;
      }[];
      readonly otherwise: readonly Step[] | null;
      readonly line: number;
    }
  | {
      readonly kind: 'execute-sql';
      readonly statement: Statement;
      readonly into: Into | null;
      readonly line: number;
      readonly sql: string;
      /** EXECUTE of a constant text, which leaves FOUND alone. */
      readonly dynamic?: true;
      /** An assignment of what a query gives, which leaves ROW_COUNT alone too. */
      readonly assignment?: true;
    }
  | {
      readonly kind: 'perform';
      readonly statement: Statement;
      readonly line: number;
      readonly sql: string;
      readonly dynamic?: true;
      /** SET LOCAL or NOTIFY, which give no row. */
      readonly utility?: true;
    }
  | {
      readonly kind: 'return';
      readonly value: Expression | null;
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'return-query';
      readonly statement: Statement;
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'return-next';
      readonly value: Expression | null;
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'raise';
      readonly level: 'debug' | 'log' | 'info' | 'notice' | 'warning' | 'exception';
      readonly condition: string | null;
      readonly message: string | null;
      readonly parameters: readonly Expression[];
      readonly options: readonly { readonly name: string; readonly value: Expression }[];
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'get-diagnostics';
      readonly stacked: boolean;
      readonly items: readonly { readonly item: string; readonly target: Target }[];
      readonly line: number;
      readonly sql: string;
    }
  | { readonly kind: 'null'; readonly line: number }
  | {
      readonly kind: 'for-query';
      readonly label: string | null;
      readonly target: readonly Target[];
      readonly statement: Statement;
      readonly body: readonly Step[];
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'for-range';
      readonly label: string | null;
      readonly variable: number;
      readonly from: Expression;
      readonly to: Expression;
      readonly by: Expression | null;
      readonly reverse: boolean;
      readonly body: readonly Step[];
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'foreach';
      readonly label: string | null;
      readonly target: Target;
      readonly slice: number;
      readonly array: Expression;
      readonly body: readonly Step[];
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'while';
      readonly label: string | null;
      readonly condition: Expression;
      readonly body: readonly Step[];
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'loop';
      readonly label: string | null;
      readonly body: readonly Step[];
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'exit';
      readonly exit: boolean;
      readonly label: string | null;
      readonly condition: Expression | null;
      readonly line: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'unsupported-step';
      readonly construct: string;
      readonly line: number;
      readonly sql: string;
    };

/** A variable, a field of a record variable (`r.f`, `r.f.g`), or a part of an array variable. */
export type Target =
  | { readonly kind: 'variable'; readonly variable: number }
  | { readonly kind: 'field'; readonly variable: number; readonly path: readonly string[] }
  /**
   * `element` is the target read as an expression: `a[i]`, `a[i:j]` or `r.a[i]`, of which the innermost operand is the
   * variable. `field`: only this field of the element, `a[i].f`.
   */
  | {
      readonly kind: 'element';
      readonly variable: number;
      readonly element: Expression;
      readonly field?: string;
    }
  | { readonly kind: 'unsupported-target'; readonly sql: string };

export interface Into {
  readonly strict: boolean;
  readonly targets: readonly Target[];
}
