// Every scored model as a row of words: what it cost, what it reached over its seeds, and how the ladder stands beside it.
// One place for the tables of the README, of a study and of the terminal, so that they cannot disagree.
import { ladderBeside, ladderOf } from './model-kinds.js';
import { bitsPerByte, bytes, count, flops, ratio } from './report-figures.js';
import type { ModelRecord, Report } from './report-schema.js';
import { compareModels, meanScore, seedSpread } from './report-verdict.js';
import { label } from './report-visible.js';

/** What a model is called beside the ladder, by what came of comparing the ladder with it. */
export const STANDING = { wins: 'worse', loses: 'better', tie: 'tie' } as const;

/** Mean over seeds, and in brackets the largest less the least where there are several: "1.690 (0.004)". */
export function overSeeds(model: ModelRecord, split: 'validation' | 'test'): string {
  const spread = seedSpread(model, split);
  const mean = bitsPerByte(meanScore(model, split));
  return spread === undefined ? mean : `${mean} (${bitsPerByte(spread)})`;
}

/** A heading and a row a model, each beside the ladder it was matched to; two columns are left out where there is no ladder. */
export function modelRows(report: Report): string[][] {
  const ladder = ladderOf(report);
  const rows = report.models.map((model) => {
    const cells = [
      label(model.name, 28),
      count(model.parameters),
      flops(model.trainFlops),
      bytes(model.bytesSeen),
      overSeeds(model, 'validation'),
      overSeeds(model, 'test'),
    ];
    if (ladder === undefined) return cells;
    if (model === ladder) return [...cells, '1', ''];
    const beside = ladderBeside(report, model)!;
    // Bits per byte of two texts say nothing about each other.
    if (beside.bitsPerByte.test.bytes !== model.bitsPerByte.test.bytes) return [...cells, '', 'other text'];
    const against = compareModels(beside, model, 'test');
    const over = against.other > 0 ? ratio(against.model / against.other) : '';
    return [...cells, over, STANDING[against.outcome]];
  });
  const heading = ['model', 'parameters', 'training', 'text', 'validation', 'test'];
  return [ladder === undefined ? heading : [...heading, 'ladder over it', 'it is'], ...rows];
}

/** Which seeds the figures of `models` are means of, in words; undefined where none has several. */
export function seedsSaid(models: readonly ModelRecord[]): string | undefined {
  const counts = [...new Set(models.map(({ seeds }) => seeds?.length ?? 1))].sort((a, b) => a - b);
  if (counts.length === 0 || counts.at(-1)! < 2) return undefined;
  const how = counts.length === 1 ? `${counts[0]} seeds` : `${counts[0]} to ${counts.at(-1)} seeds`;
  return `Means over ${how} (largest less least); a gap under twice the larger spread is a tie.`;
}
