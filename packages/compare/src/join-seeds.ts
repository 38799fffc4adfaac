// The reports of several seeds as one: every model with all its seeds, further measurements as means.
// From: Strata, EVALUATION (three seeds or more; the spread is printed).
import { channelVerdict } from './channels.js';
import type { BucketsRecord, ChannelRecord, MeasureRecord, ModelRecord, Report, SeedScore } from './report-schema.js';
import { MeasureError } from './stage-record.js';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * One report of the runs of several seeds: the first one's ledgers, samples and curves; of every model that all runs have,
 * each seed's totals; channels, measurements and buckets as means. Throws MeasureError where texts or seeds do not fit together.
 */
export function joinSeeds(reports: readonly Report[], name: string): Report {
  const [first, ...others] = reports;
  if (first === undefined) throw new MeasureError('there is no report to join');
  if (others.length === 0) return { ...first, run: name };
  const seeds = reports.map(({ createdFrom }) => createdFrom.seed);
  if (new Set(seeds).size < seeds.length)
    throw new MeasureError(`the runs have the seeds ${seeds.join(', ')}: one seed twice says nothing about spread`);
  const different = others.find(({ corpus }) => corpus.hash !== first.corpus.hash);
  if (different !== undefined)
    throw new MeasureError(
      `${first.run} and ${different.run} were trained on different corpora, so they are no seeds of one thing`,
    );
  const models = first.models.flatMap((model) => {
    const own = reports.map((report) => report.models.find((other) => other.name === model.name));
    return own.every((found) => found !== undefined) ? [withSeeds(own, seeds)] : [];
  });
  const said = `Seeds ${seeds.join(', ')}. Ledgers, samples, concepts and curves are those of seed ${seeds[0]}; channels, further measurements and words by frequency are means.`;
  const { buckets: _, ...rest } = first;
  const buckets = joinedBuckets(reports);
  return {
    ...rest,
    run: name,
    models,
    ...(buckets !== undefined && { buckets }),
    channels: first.channels.flatMap((channel) => joinedChannel(channel, reports)),
    measures: (first.measures ?? []).map((measure) => joinedMeasure(measure, reports)),
    notes: [said, ...first.notes.filter((note) => !note.startsWith('One seed ('))],
  };
}

function withSeeds(models: readonly ModelRecord[], seeds: readonly number[]): ModelRecord {
  const [first] = models;
  const bytes = first!.bitsPerByte.test.bytes;
  if (models.some(({ bitsPerByte }) => bitsPerByte.test.bytes !== bytes))
    throw new MeasureError(`${first!.name} was scored on texts of different length; give all runs the same evaluation`);
  const scores = models.map(
    ({ bitsPerByte: { validation, test } }, at): SeedScore => ({
      seed: seeds[at]!,
      validation: validation.total,
      test: test.total,
    }),
  );
  return { ...first!, seeds: scores };
}

function joinedChannel(channel: ChannelRecord, reports: readonly Report[]): ChannelRecord[] {
  const own = reports.map(({ channels }) =>
    channels.find(({ level, to }) => level === channel.level && to === channel.to),
  );
  if (!own.every((found) => found !== undefined)) return [];
  const oracles = own.flatMap(({ oracle }) => oracle ?? []);
  const oracle = oracles.length === own.length ? { oracle: mean(oracles) } : {};
  const { test: _, ...first } = channel;
  const tests = own.flatMap(({ test }) => test ?? []);
  const spoilt = (records: readonly { readonly zeroed: number; readonly shuffled: number }[]) => ({
    zeroed: mean(records.map((found) => found.zeroed)),
    shuffled: mean(records.map((found) => found.shuffled)),
  });
  const { zeroed, shuffled } = spoilt(own);
  const onTest = tests.length === own.length ? { test: spoilt(tests) } : {};
  return [{ ...first, zeroed, shuffled, ...onTest, ...oracle, verdict: channelVerdict(zeroed, shuffled) }];
}

function joinedMeasure(measure: MeasureRecord, reports: readonly Report[]): MeasureRecord {
  const values = measure.values.flatMap(({ model }) => {
    const own = reports.flatMap(({ measures = [] }) =>
      measures
        .filter(({ name }) => name === measure.name)
        .flatMap((found) => found.values.filter((one) => one.model === model)),
    );
    return own.length < reports.length ? [] : [{ model, value: mean(own.map(({ value }) => value)) }];
  });
  return { ...measure, values };
}

/** Mean bits a bucket of the models that all seeds have probed; undefined unless all have, on the same text. */
function joinedBuckets(reports: readonly Report[]): BucketsRecord | undefined {
  const found = reports.flatMap(({ buckets }) => buckets ?? []);
  const [first, ...others] = found;
  const same = JSON.stringify(first?.buckets);
  if (first === undefined || found.length < reports.length) return undefined;
  if (others.some(({ buckets }) => JSON.stringify(buckets) !== same)) return undefined;
  const models = first.models.flatMap(({ model, bits }) => {
    const own = found.flatMap(({ models }) => models.filter((other) => other.model === model));
    return own.length < found.length
      ? []
      : [{ model, bits: bits.map((_, at) => mean(own.map((one) => one.bits[at]!))) }];
  });
  return { buckets: first.buckets, models };
}

/** A report with the ladder and the controls of a variant beside its own models, named after the variant. */
export function withVariant(report: Report, variant: string, other: Report): Report {
  const kept = other.models.filter(({ name }) => !['concept', 'word', 'subword'].includes(name));
  const renamed = kept.map((model) => ({
    ...model,
    name: `${model.name}, ${variant}`,
  }));
  return { ...report, models: [...report.models, ...renamed] };
}
