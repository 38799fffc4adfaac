// Settings that some parameters have of their own: found by patterns on their names, the first that fits decides.
import { ParameterError, type ParameterSpec } from './parameters.js';

/** Settings of the parameters whose name fits `match`, a dotted name in which * stands for anything. */
export interface ParameterGroup {
  readonly match: string;
  /** Times the learning rate of the schedule; 1 by default, 0 freezes. */
  readonly learningRate?: number | undefined;
  /** Instead of the general decay, and for vectors too. */
  readonly weightDecay?: number | undefined;
}

/** What holds for one parameter. */
export interface GroupSettings {
  /** Factor on the learning rate. */
  readonly learningRate: number;
  readonly weightDecay: number;
}

function pattern(match: string): RegExp {
  const literal = match.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}

/**
 * The settings of each parameter, in the order of `specs`: those of the first group that fits its name, else the general
 * ones, under which only matrices decay. Throws ParameterError for a group that fits nothing.
 */
export function groupSettings(
  specs: readonly ParameterSpec[],
  groups: readonly ParameterGroup[],
  weightDecay: number,
): GroupSettings[] {
  const patterns = groups.map(({ match }) => pattern(match));
  for (const [i, { match }] of groups.entries())
    if (!specs.some(({ name }) => patterns[i]!.test(name)))
      throw new ParameterError(
        `no parameter fits the group "${match}". Accepted: a name in which * stands for anything, such as ` +
          `"*.${specs[0]?.name.split('.').at(-1) ?? 'weight'}"; the names here begin with ${specs[0]?.name ?? 'nothing'}`,
      );
  return specs.map(({ name, decay }) => {
    const group = groups[patterns.findIndex((fits) => fits.test(name))];
    return { learningRate: group?.learningRate ?? 1, weightDecay: group?.weightDecay ?? (decay ? weightDecay : 0) };
  });
}
