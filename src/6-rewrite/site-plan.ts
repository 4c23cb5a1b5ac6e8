/** What one site's rewriting changes, before files are put together; and what files become. */
import type { TextEdit } from '../2-find/result-use.js';
import type { PlannedArm } from './join-arms.js';

export interface SitePlan {
  readonly siteId: string;
  readonly file: string;
  /** Edits in the site's file; spans of different sites never overlap. */
  readonly edits: readonly TextEdit[];
  readonly imports: readonly ImportNeed[];
  /** Generated modules that the site needs; shared by sites of the same routine. */
  readonly modules: readonly ModuleNeed[];
  /** Names whose last use the edit may have removed; assemble removes imports only if so. */
  readonly mayBecomeUnused: readonly string[];
  /** The site shares its place with others, each of which is a branch there. */
  readonly arm?: PlannedArm;
}

export interface ImportNeed {
  /** Exported name (`*`: the whole module, `default`) and the name it goes by here. */
  readonly name: string;
  readonly local: string;
  readonly typeOnly: boolean;
  /** A package (`drizzle-orm`) or an absolute file path. */
  readonly from:
    | { readonly kind: 'package'; readonly specifier: string }
    | { readonly kind: 'file'; readonly path: string };
}

export interface ModuleNeed {
  /** Absolute path of the file to be made. */
  readonly path: string;
  /** Without its import statements, which are made of `imports`. */
  readonly text: string;
  readonly imports: readonly ImportNeed[];
  /** Name that the folder's index exports from it; a support file has none. */
  readonly exports?: string;
  /** The file is there from an earlier run and stays as it is. */
  readonly exists?: boolean;
  /** What it shares with others; alone for a site that needs only that. */
  readonly support?: SupportNeed;
}

/** Pieces of the folder's support file; a later one may need an earlier one. */
export interface SupportNeed {
  readonly path: string;
  readonly pieces: readonly SupportPiece[];
}

export interface SupportPiece {
  readonly name: string;
  /** The exported declaration, laid out. */
  readonly text: string;
  readonly imports: readonly ImportNeed[];
}

/** `before` is null for a new file. Texts include a BOM and line endings as on disk. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string;
  /** Where the sites' edits are in the new text; a generated module names the sites that need it. */
  readonly sites?: readonly EditedLines[];
  /** Every edit of a file that was there, those of imports too; offsets are without byte order mark. */
  readonly edits?: readonly TextEdit[];
}

/** Lines are 1-based and inclusive. */
export interface EditedLines {
  readonly siteId: string;
  readonly first: number;
  readonly last: number;
  /** The outermost function, method or statement round the site. */
  readonly scope: { readonly first: number; readonly last: number };
}
