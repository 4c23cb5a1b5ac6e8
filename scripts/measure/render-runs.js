/** What running the translations showed, as tables. */
import { counts, share } from './counts.js';

/**
 * Of the called functions of tiers 0 to 3 (one statement, straight-line, loops, EXCEPTION) that touch no missing
 * extension and whose caller's identity is none of the database's business or comes from a `context`.
 */
export function aim(called) {
  const beyond = [
    'dynamic-sql',
    'ddl',
    'cursor',
    'temp-table',
    'session-state',
    'transaction-control',
    'external-effect',
  ];
  const tiers = called.filter(
    ({ verdict, status, reason }) =>
      status !== 'not-called' && !(verdict === 'keep' && [...beyond, 'body-parse-error'].includes(reason)),
  );
  const wanted = tiers.filter(({ verdict, reason }) => !(verdict === 'keep' && reason === 'identity'));
  const complete = (some) =>
    some.filter((outcome) => outcome.status === 'complete' && isSound(outcome)).length;
  const row = (name, some) =>
    `| ${name} | ${some.length} | ${complete(some)} | ${share(complete(some), some.length)} |`;
  return [
    `Of the called functions in tiers 0 to 3 that need no identity or get it from a \`context\`, and touch no missing extension: ${complete(wanted)} of ${wanted.length} complete (${share(complete(wanted), wanted.length)}); of all called functions ${complete(called)} of ${called.length} (${share(complete(called), called.length)}).`,
    '',
    `Complete are those that compile and whose run found no difference. The first line leaves out ${tiers.length - wanted.length} functions of these tiers that read their caller where the program makes no argument of it, CURRENT_USER under SECURITY DEFINER and what calls such functions among them.`,
    '',
    '| called routines | all | complete | share |',
    '| --- | ---: | ---: | ---: |',
    row('tiers 0 to 3 without such identity and missing extensions (the aim is 95 %)', wanted),
    row(
      'of these with the identity of the caller as an argument',
      wanted.filter(({ identity }) => identity),
    ),
    row('tiers 0 to 3', tiers),
    row('every one', called),
  ];
}

function isSound({ checked, evidence }) {
  return checked === 'ok' && evidence?.status !== 'differs';
}

export function runs(results) {
  const kinds = ['proven', 'partial', 'differs', 'not_run'];
  const row = (name, outcomes) => {
    const ran = outcomes.filter(({ evidence }) => evidence !== null);
    const count = (wanted) => ran.filter(({ evidence }) => evidence.status === wanted).length;
    const cases = ran.reduce((sum, { evidence }) => sum + evidence.cases, 0);
    const typed = ran.filter(({ checked }) => checked === 'ok').length;
    const described = ran.filter(isDescribed).length;
    return `| ${[name, ran.length, typed, described, ...kinds.map(count), cases].join(' | ')} |`;
  };
  const present = results.filter(({ absent }) => !absent);
  const all = present.flatMap(({ outcomes }) => outcomes);
  return [
    '| project | complete | compiled | described | proven | partial | differs | not run | cases |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...present.map(({ project, outcomes }) => row(project.repository, outcomes)),
    row('**all**', all),
    row(
      'called',
      all.filter(({ called }) => called),
    ),
  ];
}

/** The run describes each statement first. */
function isDescribed({ evidence }) {
  const { status, reason, difference } = evidence;
  if (status === 'not_run') return !/^(the statement could not be built|no copy|no result)/.test(reason);
  return status !== 'differs' || !['static', 'describe'].includes(difference.level);
}

export function differences(all) {
  const found = all.filter(({ evidence }) => evidence?.status === 'differs');
  if (found.length === 0) return [];
  return [
    ...counts(
      found,
      found.filter(({ called }) => called),
      ({ evidence: { difference } }) =>
        `${difference.level}: ${difference.summary.replace(/ \(case .*/, '')}`,
    ),
    '',
  ];
}

/** What the sentences of a verdict are about, without the places of one body. */
export function notCompared({ evidence }) {
  if (evidence?.status !== 'partial') return [];
  const kinds = evidence.notCompared.map((sentence) =>
    sentence.startsWith('branch not taken')
      ? 'a branch was not taken'
      : sentence.startsWith('no row could be made')
        ? 'no row could be made for a table'
        : sentence.startsWith('no value is known')
          ? 'no value is known for an argument'
          : sentence,
  );
  return [...new Set(kinds)];
}
