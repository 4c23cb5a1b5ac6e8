/**
 * Asks PostgreSQL for the types of many statements in few round trips: what an untyped parameter
 * becomes at each place, and the output columns. Nothing is executed.
 */
import type {
  Database,
  DescribeAnswer,
  DescribedColumn,
  DescribeRequest,
  PostgresError,
} from '../io/database.js';
import type { Insertion, Occurrence } from './statement-context.js';

export interface DescribeTask {
  readonly text: string;
  readonly occurrences: readonly Occurrence[];
  readonly insertions: readonly Insertion[];
  /** Record variables whose shape must be known before, and the one whose shape this gives. */
  readonly needs: readonly number[];
  readonly gives: number | null;
  /** Runs right before the task is asked. */
  readonly prepare: () => void;
  /** Output columns under the declared types; `failure` is set when PostgreSQL refuses even those. */
  readonly settle: (columns: readonly DescribedColumn[] | null, failure: PostgresError | null) => void;
}

/** Settles every task; `inferred` of each occurrence is filled in on the way. */
export async function describeTasks(db: Database, tasks: readonly DescribeTask[]): Promise<void> {
  let waiting = tasks;
  while (waiting.length > 0) {
    const pending = new Set(waiting.map((task) => task.gives));
    const ready = waiting.filter((task) => task.needs.every((variable) => !pending.has(variable)));
    // Tasks that wait for each other in a ring are asked as they are.
    const round = ready.length > 0 ? ready : waiting;
    await inStep(
      db,
      round.map((task) => decide(task)),
    );
    waiting = waiting.filter((task) => !round.includes(task));
  }
}

type Dialogue = Generator<readonly DescribeRequest[], void, readonly DescribeAnswer[]>;

/** Advances all dialogues together: one describe call serves a step of each. */
async function inStep(db: Database, dialogues: readonly Dialogue[]): Promise<void> {
  let open = dialogues.flatMap((dialogue) => {
    const step = dialogue.next();
    return step.done ? [] : [{ dialogue, requests: step.value }];
  });
  while (open.length > 0) {
    const answers = await db.describe(open.flatMap(({ requests }) => requests));
    let offset = 0;
    open = open.flatMap(({ dialogue, requests }) => {
      const step = dialogue.next(answers.slice(offset, offset + requests.length));
      offset += requests.length;
      return step.done ? [] : [{ dialogue, requests: step.value }];
    });
  }
}

function* decide(task: DescribeTask): Dialogue {
  task.prepare();
  const text = withPlaceholders(task);
  const declared = task.occurrences.map((occurrence) => occurrence.node.type ?? 0);
  const untypedAt = (places: ReadonlySet<number>): DescribeRequest => ({
    text,
    parameterTypes: declared.map((type, index) => (places.has(index) ? 0 : type)),
  });
  const every = new Set(declared.keys());
  const [typed, untyped] = yield declared.length === 0
    ? [untypedAt(every)]
    : [untypedAt(new Set()), untypedAt(every)];
  if (!typed) return;
  if (typed.ok) task.settle(typed.columns, null);
  if (untyped?.ok) note(task, every, untyped);
  else if (declared.length > 0 && typed.ok) yield* decideOneByOne(task, untypedAt);
  if (!typed.ok) {
    // A record whose fields are not known cannot be declared; the untyped answer is all there is.
    if (untyped?.ok) return task.settle(untyped.columns, null);
    // A key of GROUP BY or DISTINCT is only known again elsewhere when its parameters have the same numbers.
    const [shared] = declared.length === 0 ? [] : yield [sharedRequest(task)];
    if (shared?.ok) task.settle(shared.columns, null);
    else task.settle(null, typed.failure);
  }
}

/** One `$n` for all occurrences of a parameter or variable, with its declared type. */
function sharedRequest(task: DescribeTask): DescribeRequest {
  const names = task.occurrences.map(({ node }) =>
    node.kind === 'parameter'
      ? `parameter ${node.position} ${node.path.join('.')}`
      : `variable ${node.variable} ${node.path.join('.')}`,
  );
  const distinct = [...new Set(names)];
  return {
    text: withPlaceholders(task, (index) => distinct.indexOf(names[index] ?? '') + 1),
    parameterTypes: distinct.map((name) => task.occurrences[names.indexOf(name)]?.node.type ?? 0),
  };
}

/** Finds the largest set, in order of the text, of places that may be untyped together. */
function* decideOneByOne(
  task: DescribeTask,
  untypedAt: (places: ReadonlySet<number>) => DescribeRequest,
): Dialogue {
  const places = task.occurrences.map((_, index) => index);
  const alone = yield places.map((place) => untypedAt(new Set([place])));
  const possible = places.filter((place) => alone[place]?.ok);
  const [together] = possible.length > 0 ? yield [untypedAt(new Set(possible))] : [];
  if (together?.ok) {
    note(task, new Set(possible), together);
    return;
  }
  let chosen = new Set<number>();
  for (const place of possible) {
    const larger = new Set([...chosen, place]);
    const [answer] = yield [untypedAt(larger)];
    if (!answer?.ok) continue;
    chosen = larger;
    note(task, chosen, answer);
  }
}

function note(task: DescribeTask, places: ReadonlySet<number>, answer: DescribeAnswer & { ok: true }): void {
  for (const place of places) {
    const occurrence = task.occurrences[place];
    if (occurrence) occurrence.node.inferred = answer.parameters[place] ?? null;
  }
}

/** Locations are UTF-8 bytes, so the text is cut as bytes. */
function withPlaceholders(task: DescribeTask, number = (index: number): number => index + 1): string {
  const bytes = Buffer.from(task.text);
  const edits = [
    ...task.occurrences.map((each, index) => ({
      start: each.start,
      end: each.end,
      text: `$${number(index)}`,
    })),
    ...task.insertions.map((each) => ({ start: each.at, end: each.at, text: each.text })),
  ].sort((a, b) => a.start - b.start);
  let at = 0;
  let text = '';
  for (const edit of edits) {
    text += bytes.subarray(at, edit.start).toString() + edit.text;
    at = edit.end;
  }
  return text + bytes.subarray(at).toString();
}
