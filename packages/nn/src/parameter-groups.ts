// Settings that some parameters have of their own: found by patterns on their names, the first that fits decides.
import { ParameterError, type ParameterSpec } from './parameters.js';

/** Settings of the parameters whose name fits `match`, a dotted name in which * stands for anything. */
export interface ParameterGroup {
  readonly match: string;
  /** Times the learning rate of the schedule; 1 by default, 0 freezes. */
  readonly learningRate?: number | undefined;
  /** Instead of the general decay, and for vectors too. */
  readonly weightDecay?: number | undefined;
  /** How slowly AdamW's second moment forgets, instead of the general number. */
  readonly beta2?: number | undefined;
}

/** What holds for one parameter. */
export interface GroupSettings {
  /** Factor on the learning rate. */
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta2: number;
}

/** Whether a name is `match` with any text, dots included, for each * in it. */
export function nameFits(match: string): (name: string) => boolean {
  const parts = match.split('*');
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (parts.length === 1) return (name) => name === match;
  // Each part between is taken where it comes first, so that no pattern costs more than a look at each place.
  return (name) => {
    let place = first.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, place);
      if (found < 0) return false;
      place = found + part.length;
    }
    return name.startsWith(first) && name.endsWith(last) && name.length - last.length >= place;
  };
}

/**
 * The settings of each parameter, in the order of `specs`: those of the first group that fits its name, else the general
 * ones, under which only matrices decay. Throws ParameterError for a group that fits nothing.
 */
export function groupSettings(
  specs: readonly ParameterSpec[],
  groups: readonly ParameterGroup[],
  general: { readonly weightDecay: number; readonly beta2: number },
): GroupSettings[] {
  const patterns = groups.map(({ match }) => nameFits(match));
  for (const [i, { match }] of groups.entries())
    if (!specs.some(({ name }) => patterns[i]!(name)))
      throw new ParameterError(
        `no parameter fits the group "${match}". Accepted: a name in which * stands for anything, such as ` +
          `"*.${specs[0]?.name.split('.').at(-1) ?? 'weight'}"; the names here begin with ${specs[0]?.name ?? 'nothing'}`,
      );
  return specs.map(({ name, decay }) => {
    const group = groups[patterns.findIndex((fits) => fits(name))];
    return {
      learningRate: group?.learningRate ?? 1,
      weightDecay: group?.weightDecay ?? (decay ? general.weightDecay : 0),
      beta2: group?.beta2 ?? general.beta2,
    };
  });
}
