/**
 * TypeScript as a tree with symbolic names. Only print/ turns it into text.
 * `import` and `table` nodes are what assemble makes import statements of.
 */

export type Code =
  | { readonly kind: 'import'; readonly module: string; readonly name: string; readonly typeOnly?: boolean }
  | { readonly kind: 'table'; readonly schema: string; readonly table: string }
  | { readonly kind: 'routine'; readonly module: string; readonly name: string }
  /** The client or transaction handle that the statement runs on. */
  | { readonly kind: 'executor' }
  /** The project's transaction helper, or `<client>.transaction`. */
  | { readonly kind: 'transaction' }
  /** Input argument `position` of the routine: the site's expression, or the generated function's parameter. */
  | { readonly kind: 'argument'; readonly position: number }
  /** `hole`: what stands in the statement at the site under this number. */
  | { readonly kind: 'local'; readonly name: string; readonly hole?: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'keyword'; readonly value: 'true' | 'false' | 'null' | 'undefined' }
  | {
      readonly kind: 'call';
      readonly callee: Code;
      readonly arguments: readonly Code[];
      readonly typeArguments?: readonly string[];
    }
  | { readonly kind: 'member'; readonly object: Code; readonly property: string; readonly optional?: boolean }
  | { readonly kind: 'index'; readonly object: Code; readonly index: Code; readonly optional?: boolean }
  | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
  | { readonly kind: 'array'; readonly items: readonly Code[] }
  | { readonly kind: 'sql'; readonly type: string | null; readonly parts: readonly (string | Code)[] }
  | {
      readonly kind: 'arrow';
      readonly async: boolean;
      readonly parameters: readonly string[];
      readonly body: Code | readonly Line[];
      /** The first parameter is the handle that statements inside run on. */
      readonly bindsExecutor?: true;
    }
  | { readonly kind: 'await'; readonly value: Code }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Code; readonly right: Code }
  | { readonly kind: 'not'; readonly value: Code }
  /** A template string. */
  | { readonly kind: 'template'; readonly parts: readonly (string | Code)[] }
  /** `value!`. */
  | { readonly kind: 'non-null'; readonly value: Code }
  | { readonly kind: 'conditional'; readonly test: Code; readonly then: Code; readonly otherwise: Code }
  | { readonly kind: 'as'; readonly value: Code; readonly type: string }
  | { readonly kind: 'new'; readonly callee: Code; readonly arguments: readonly Code[] }
  | WrittenCode;

/** Text that a person wrote, with those names in it that the place of the code decides. */
export interface WrittenCode {
  readonly kind: 'written';
  /**
   * operand: needs no parentheses anywhere · expression: needs them as an operand · function: runs later, if at
   * all · property: a name and its value, which stand as one word where they are the same.
   */
  readonly form: 'operand' | 'expression' | 'function' | 'property';
  readonly parts: readonly (string | Code)[];
  /** Names that the text itself declares. */
  readonly binds: readonly string[];
}

export type ObjectEntry =
  | { readonly kind: 'property'; readonly key: string; readonly value: Code }
  | { readonly kind: 'spread'; readonly value: Code };

/** One statement of a generated block. */
export type Line =
  | { readonly kind: 'const'; readonly pattern: string; readonly value: Code }
  | { readonly kind: 'let'; readonly name: string; readonly type: string | null; readonly value: Code | null }
  | { readonly kind: 'set'; readonly target: string; readonly value: Code }
  | { readonly kind: 'expression'; readonly value: Code }
  | { readonly kind: 'return'; readonly value: Code | null }
  | { readonly kind: 'throw'; readonly value: Code }
  | {
      readonly kind: 'if';
      readonly test: Code;
      readonly then: readonly Line[];
      readonly otherwise: readonly Line[] | null;
    }
  | {
      readonly kind: 'while';
      readonly test: Code;
      readonly body: readonly Line[];
      readonly label: string | null;
    }
  | {
      readonly kind: 'for-of';
      readonly binding: string;
      readonly iterable: Code;
      readonly body: readonly Line[];
      readonly label: string | null;
    }
  /** `for (let turn = from; turn <= to; turn += by)`, or down to it. */
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly from: Code;
      readonly to: Code;
      readonly by: Code;
      readonly down: boolean;
      readonly body: readonly Line[];
      readonly label: string | null;
    }
  /** `label: { … }`, which a `break` leaves. */
  | { readonly kind: 'labelled'; readonly label: string; readonly body: readonly Line[] }
  | { readonly kind: 'break' | 'continue'; readonly label: string | null }
  | {
      readonly kind: 'try';
      readonly body: readonly Line[];
      /** Name of what was caught. */
      readonly error: string;
      readonly handler: readonly Line[];
    }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'blank' };
