/** The measured figures as a Markdown table, and what of them is not good enough. */

export const limits = { timesFaster: 20, peakMegabytes: 400 };
/** Wanted, and printed when missed; no failure. */
export const aims = {
  findSeconds: 0.5,
  dryRunMegabytes: 400,
  checkSeconds: 3,
  functionsPerSecond: 500,
  /** What is alive at the end, as a multiple of what was after a tenth. */
  growth: 1.2,
};

/** @param rows each `{ name, files, parts, workSeconds, seconds, cpuSeconds, peakMegabytes }`, the last four medians */
export function renderTable(rows, reference) {
  const cells = rows.map((row) => [
    row.name,
    row.workSeconds.toFixed(2),
    row.seconds.toFixed(2),
    row.cpuSeconds.toFixed(2),
    Math.round(row.files / row.workSeconds).toLocaleString('en-US'),
    `${(row.workSeconds / reference.workSeconds).toFixed(1)} ×`,
    `${Math.round(row.peakMegabytes)} MB`,
  ]);
  const head = ['', 'work, s', 'whole process, s', 'CPU, s', 'files/s', 'time of `find`', 'peak memory'];
  return [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...cells]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** Sentences; none when all is as it should be. */
export function missedLimits({ find, jscodeshift }) {
  const ratio = jscodeshift.workSeconds / find.workSeconds;
  return [
    ...(ratio < limits.timesFaster
      ? [
          `find is ${ratio.toFixed(1)} times faster than jscodeshift, and should be ${limits.timesFaster} times`,
        ]
      : []),
    ...(find.peakMegabytes > limits.peakMegabytes
      ? [
          `find takes ${Math.round(find.peakMegabytes)} MB, and should take ${limits.peakMegabytes} MB at most`,
        ]
      : []),
  ];
}

/** Sentences on what is slower or larger than wanted; none when nothing is. */
export function missedAims({ find, dryRun, checkAgain, translator }) {
  return [
    ...missedByTranslator(translator),
    ...(find.workSeconds > aims.findSeconds
      ? [`aim missed: find takes ${find.workSeconds.toFixed(2)} s; wanted are ${aims.findSeconds} s`]
      : []),
    ...(dryRun.peakMegabytes > aims.dryRunMegabytes
      ? [
          `aim missed: ${dryRun.name} takes ${Math.round(dryRun.peakMegabytes)} MB; wanted are ${aims.dryRunMegabytes} MB`,
        ]
      : []),
    ...(checkAgain.seconds > aims.checkSeconds
      ? [
          `aim missed: ${checkAgain.name} takes ${checkAgain.seconds.toFixed(2)} s; wanted are ${aims.checkSeconds} s`,
        ]
      : []),
  ];
}

/** What the translator does in a second of one processor, once the bodies are parsed. */
export function translatorLine(translator) {
  const { functions, different, complete, earlyMegabytes, lateMegabytes } = translator;
  return `The translator: ${perSecond(translator).toLocaleString('en-US')} functions a CPU second after the parse (${functions.toLocaleString('en-US')} of ${different} different ones, ${complete.toLocaleString('en-US')} complete); alive are ${earlyMegabytes.toFixed(1)} MB after a tenth of them and ${lateMegabytes.toFixed(1)} MB at the end.`;
}

function perSecond({ functions, cpuSeconds }) {
  return Math.round(functions / cpuSeconds);
}

function missedByTranslator(translator) {
  const { earlyMegabytes, lateMegabytes } = translator;
  return [
    ...(perSecond(translator) < aims.functionsPerSecond
      ? [`aim missed: ${perSecond(translator)} functions a second; wanted are ${aims.functionsPerSecond}`]
      : []),
    ...(lateMegabytes > earlyMegabytes * aims.growth
      ? [`aim missed: memory grows from ${Math.round(earlyMegabytes)} to ${Math.round(lateMegabytes)} MB`]
      : []),
  ];
}
