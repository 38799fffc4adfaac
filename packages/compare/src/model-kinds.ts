// What kind of model a report's name stands for: the ladder, a variant of it, a flat baseline, another control, or a part.
// Names are those that measuring and studies give: 'strata', 'strata, NAME', 'flat-params', 'blocks, NAME', 'word'.
import { PATCHED_KINDS } from '@strata/hierarchy';
import type { ModelRecord, Report } from './report-schema.js';

/** 'part' is everything else: the ladder without its upper levels, the base alone. */
export type ModelKind = 'ladder' | 'variant' | 'flat' | 'control' | 'part';

/** The controls that are no flat stack of pieces. */
export const OTHER_CONTROLS: readonly string[] = PATCHED_KINDS;

const LADDER = 'strata';
/** Models beside the ladder that one table or drawing of parts can hold. */
const MOST_FLATS = 3;
const MOST_OTHERS = 4;

/** True for the name of a flat baseline: 'flat', 'flat-params', 'flat (equal FLOPs)', ... */
export function isFlat(name: string): boolean {
  return /^flat(?![a-z])/i.test(name);
}

/** A model's own name without that of the study's variant: 'blocks' of 'blocks, small'. */
export function baseName(name: string): string {
  return name.split(', ', 1)[0]!;
}

/** The kind of the model called `name`. */
export function kindOf(name: string): ModelKind {
  if (name === LADDER) return 'ladder';
  if (isFlat(name)) return 'flat';
  const base = baseName(name);
  if (base === LADDER) return 'variant';
  return OTHER_CONTROLS.includes(base) ? 'control' : 'part';
}

/** The ladder among the models: the one called 'strata'. */
export function ladderOf(report: Report): ModelRecord | undefined {
  return report.models.find((model) => model.name === LADDER);
}

/** The flat baselines, in the report's order, those of a study's variants included. */
export function flatsOf(report: Report): readonly ModelRecord[] {
  return report.models.filter((model) => isFlat(model.name));
}

/** The flat baselines that were matched to this very ladder: those of a variant are matched to the variant's. */
export function ownFlatsOf(report: Report): readonly ModelRecord[] {
  return flatsOf(report).filter(({ name }) => baseName(name) === name);
}

/** The ladder that a model stands beside: a variant's control has the variant's, all else the one called 'strata'. */
export function ladderBeside(report: Report, { name }: ModelRecord): ModelRecord | undefined {
  const base = baseName(name);
  const own = base === LADDER ? LADDER : `${LADDER}${name.slice(base.length)}`;
  return report.models.find((model) => model.name === own) ?? ladderOf(report);
}

/** The models that are drawn side by side: the ladder, at most three flat baselines, other controls and variants. */
export function comparedModels(report: Report): readonly ModelRecord[] {
  const ladder = ladderOf(report);
  const others = report.models.filter(({ name }) => ['control', 'variant'].includes(kindOf(name)));
  return [...(ladder ? [ladder] : []), ...flatsOf(report).slice(0, MOST_FLATS), ...others.slice(0, MOST_OTHERS)];
}
