/** What a person is told of a call whose routine takes the identity of its caller as arguments. */
import type { ResolvedSite } from '../2-find/resolved-site.js';
import type { ResultUse } from '../2-find/result-use.js';
import { inputArguments } from '../3-parse/routine-names.js';
import { placeReason } from '../4-classify/place-reason.js';
import type { Hazard } from '../4-classify/verdict.js';
import { parameterName } from '../5-translate/names.js';
import { settled, type Candidate, type Settled } from './site-state.js';

/** The translation is complete but for what nothing at the site is known to give. */
export function missingIdentity(candidate: Candidate): Settled {
  const { site } = candidate;
  const inputs = inputArguments(site.routine);
  const sources = site.routine.identity?.sources ?? [];
  const first = inputs.length - sources.length;
  const missing = site.identity?.missing ?? [];
  const words = missing.map(({ key }) => {
    const index = first + sources.findIndex((one) => one.key === key);
    return `${key} becomes ${parameterName(inputs[index]?.name ?? null, index + 1)}`;
  });
  const lines = missing.map(({ key }) => `${JSON.stringify(key)}: { expression: '…' }`);
  const detail = `${words.join(', ')}\nIn migrate-rpc.config.ts: context: { ${lines.join(', ')} }`;
  const place = placeReason({ detail: missing[0]?.key ?? '', line: null }, site.routine);
  return { ...settled(site, 'identity', detail, place), preview: candidate };
}

/** What the caller's identity is now, and what holds where there is none. */
export function identityHazards(
  { routine, bindings, identity }: ResolvedSite,
  use: ResultUse,
): readonly Hazard[] {
  const sources = routine.identity?.sources ?? [];
  const own = sources.length === 0 ? [] : bindings.slice(-sources.length);
  return sources.flatMap((source, index): Hazard[] => {
    const hole = own[index]?.argument?.hole;
    if (!hole || identity === undefined || identity.missing.includes(source)) return [];
    const fact = use.arguments.find((one) => one.hole === hole.index);
    const nobody =
      fact?.mayBeNull === true ? ' Where it is null, the query does what the body did for nobody.' : '';
    const message = `${source.key} is \`${hole.expression}\` now, which has to be of the caller that the server has checked.${nobody}`;
    return [{ rule: 'identity', message }];
  });
}
