// What the probes found, as measures of a report: one value a model, and how to read it.
// From: Strata, EVALUATION (more than BPB).
import { ECHO_BYTES, ECHO_PROMPT, type EchoText } from './echo.js';
import { PACE } from './pace.js';
import type { Answer, ProbeResults } from './probe.js';
import type { MeasureRecord, Report } from './report-schema.js';
import { TYPO_SHARE } from './typos.js';

/** A report with what probes have found. */
export function withProbes(report: Report, probes: readonly string[], found: ProbeResults): Report {
  const measures = [...(report.measures ?? []), ...probeMeasures(found)];
  return { ...report, measures, probes, ...(found.buckets !== undefined && { buckets: found.buckets }) };
}

type Values = MeasureRecord['values'];

function valuesOf<T>(answers: readonly Answer<T>[], value: (answer: T) => number): Values {
  return answers.map((answer) => ({ model: answer.model, value: value(answer) }));
}

/** The measures of all probes that were asked for; buckets have a place of their own in the report. */
export function probeMeasures({ typos, hare, echo, pace }: ProbeResults): MeasureRecord[] {
  return [
    ...(typos === undefined ? [] : typoMeasures(typos)),
    ...(hare === undefined ? [] : hareMeasures(hare)),
    ...(echo === undefined ? [] : echoMeasures(echo)),
    ...(pace === undefined ? [] : paceMeasures(pace)),
  ].filter(({ values }) => values.length > 0);
}

function typoMeasures({ slips, models }: NonNullable<ProbeResults['typos']>): MeasureRecord[] {
  const what = `One slip of the pen in ${100 * TYPO_SHARE}% of the words of four letters and more: ${slips} in the test text.`;
  const paired = models.flatMap(({ model, pairs }) => (pairs === undefined ? [] : [{ model, ...pairs }]));
  return [
    {
      name: 'typos: bits per byte',
      unit: 'bits per byte of the damaged text',
      better: 'lower',
      values: valuesOf(models, ({ damaged }) => damaged),
      note: what,
    },
    {
      name: 'typos: damaged to clean',
      unit: 'ratio of bits per byte',
      better: 'lower',
      values: valuesOf(models, ({ damaged, clean }) => damaged / clean),
      note: what,
    },
    {
      name: 'typos: spread',
      unit: 'bits a slip costs on other words',
      better: 'lower',
      values: valuesOf(models, ({ spread }) => spread),
      note: `${what} What a slip costs on its own word is left out: a model that expects no slips pays more there, and may be right.`,
    },
    ...(paired.length === 0
      ? []
      : [
          {
            name: 'typos: grammar pairs',
            unit: 'share right with a slip in both sentences',
            better: 'higher' as const,
            values: valuesOf(paired, ({ damaged }) => damaged.accuracy),
            note: `Without slips: ${paired.map(({ model, clean }) => `${model} ${clean.accuracy.toFixed(3)}`).join(', ')}; ${paired[0]!.clean.pairs} pairs.`,
          },
        ]),
  ];
}

function hareMeasures({ items, models }: NonNullable<ProbeResults['hare']>): MeasureRecord[] {
  const what = `${items} places of held-out text; the adjective is swapped for one that the training text has with that noun.`;
  return [
    {
      name: 'adjectives: right',
      unit: 'share where the next content word is likelier after the true adjective',
      better: 'higher',
      values: valuesOf(models, ({ right }) => right.accuracy),
      note: `${what} 95% intervals: ${models.map(({ model, right }) => `${model} ± ${right.margin.toFixed(3)}`).join(', ')}.`,
    },
    {
      name: 'adjectives: saved',
      unit: 'bits on the next content word',
      better: 'higher',
      values: valuesOf(models, ({ saved }) => saved),
      note: `${what} What the true adjective saves, on average. 95% intervals: ${models.map(({ model, savedMargin }) => `${model} ± ${savedMargin.toFixed(3)}`).join(', ')}.`,
    },
    {
      name: 'adjectives: moved',
      unit: 'bits on the next content word',
      better: 'higher',
      values: valuesOf(models, ({ moved }) => moved),
      note: `${what} Mean absolute difference between the two, right or wrong: how much a model listens to adjectives at all.`,
    },
  ];
}

function echoMeasures(echo: NonNullable<ProbeResults['echo']>): MeasureRecord[] {
  const writing = echo.filter(({ after }) => textsOf(after, 'greedy').length > 0);
  const prompt = JSON.stringify(ECHO_PROMPT);
  const after = (copies: number): MeasureRecord => ({
    name: `echo after ${copies === 1 ? 'one' : 'two'}`,
    unit: 'probability',
    better: 'lower',
    values: valuesOf(echo, (answer) => answer.after.find((entry) => entry.copies === copies)!.probability),
    note: `How likely the words of ${prompt} come again after ${copies === 1 ? 'it' : 'two copies of it'}.`,
  });
  const loop = (which: 'greedy' | 'sampled'): MeasureRecord => ({
    name: `loops after, ${which}`,
    unit: `bytes, ${ECHO_BYTES} for never`,
    better: 'higher',
    values: valuesOf(writing, (answer) =>
      textsOf(answer.after, which).reduce((sum, { loopAt = ECHO_BYTES }) => sum + Math.min(loopAt, ECHO_BYTES) / 2, 0),
    ),
    note: `${prompt} fed once and twice, ${ECHO_BYTES} bytes written each time: the byte where three units or more are said again at once, on average. No nucleus; a ladder's base does not pick.`,
  });
  return [
    after(1),
    after(2),
    loop('greedy'),
    loop('sampled'),
    {
      name: 'distinct word pairs, sampled',
      unit: 'share of pairs',
      better: 'higher',
      values: valuesOf(writing, (answer) =>
        textsOf(answer.after, 'sampled').reduce((sum, text) => sum + text.distinctPairs / 2, 0),
      ),
      note: 'Higher is not always better: nonsense never repeats itself.',
    },
  ];
}

/** The two texts that were written after one copy and after two. */
function textsOf(
  after: readonly { readonly greedy?: EchoText; readonly sampled?: EchoText }[],
  which: 'greedy' | 'sampled',
): EchoText[] {
  return after.flatMap((entry) => entry[which] ?? []);
}

function paceMeasures(pace: NonNullable<ProbeResults['pace']>): MeasureRecord[] {
  return [
    {
      name: 'writing',
      unit: 'bytes a second',
      better: 'higher',
      values: valuesOf(pace, ({ bytesPerSecond }) => bytesPerSecond),
      note: `The median of ${PACE.texts} texts of ${PACE.bytes} bytes, on one thread, caches at every level; a ladder's base picks among its words.`,
    },
    {
      name: 'memory while writing',
      unit: 'MB',
      better: 'lower',
      values: valuesOf(pace, ({ memory }) => memory / 1e6),
      note: 'What the process grew by when the model was opened and wrote; of use only where each model had a process of its own, as strata probe gives it.',
    },
  ];
}
