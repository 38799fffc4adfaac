import { ConceptVocabulary } from '@strata/concept';
import { ledgerOf } from '@strata/hierarchy';
import { describe, expect, it } from 'vitest';
import { conceptLines } from './concepts-command.js';
import { listenForInterrupt } from './interruption.js';
import { oneLine, printable } from './io.js';
import { nearestNames } from './nearest-names.js';
import { joinLedgers } from './score-command.js';
import { traceLines } from './trace-text.js';
import { trainCommandLine } from './train-command-line.js';

describe('printable', () => {
  it('lets text through and nothing that could steer a terminal', () => {
    expect(printable('naïve 👩‍👧 text\n\tgoes on')).toBe('naïve 👩‍👧 text\n\tgoes on');
    expect(printable('\x1b[2J\x07\x7f\x9b')).toBe('␛[2J␇␡<U+009B>');
    expect(printable('a\ud800b\u202ec')).toBe('a<U+D800>b<U+202E>c');
    expect(oneLine('a\nb\tc')).toBe('a␊b␉c');
  });
});

describe('nearest names', () => {
  it('come by least edits, and not from afar', () => {
    expect(nearestNames('kigns', ['queen', 'king', 'kings', 'a', 'kingdom of heaven'], 2)).toEqual(['king', 'kings']);
    expect(nearestNames('zzzz', ['a'], 3)).toEqual([]);
  });

  it('stay quick on a hostile name', () => {
    const known = Array.from({ length: 20_000 }, (_, i) => `lemma${i}`);
    const started = performance.now();
    nearestNames('x'.repeat(100_000), known, 5);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('ledgers of several files', () => {
  it('add bits, not averages', () => {
    const window = { unit: 'piece', length: 8, stride: 4 };
    const short = ledgerOf({ pieces: 10 * Math.LN2 }, 1, window);
    const long = ledgerOf({ pieces: 90 * Math.LN2 }, 99, window);
    expect(joinLedgers([short, long]).total).toBeCloseTo(1, 12);
    expect(joinLedgers([short, long]).bytes).toBe(100);
  });
});

describe('the command that a message advises', () => {
  it('can be pasted into a shell', () => {
    const source = { config: 'my configs/it.yaml', set: ['name=a b', "x='"], runs: 'runs' };
    expect(trainCommandLine('word', source)).toBe(
      "strata train word --config 'my configs/it.yaml' --set 'name=a b' --set 'x='\\'''",
    );
  });
});

describe('Ctrl-C', () => {
  it('raises the signal once, however often the same key arrives', () => {
    const listeners: (() => void)[] = [];
    let announced = 0;
    const io = {
      stdout: { write: () => {} },
      stderr: { write: () => {} },
      onInterrupt: (listener: () => void) => {
        listeners.push(listener);
        return () => listeners.splice(0);
      },
    };
    const { signal } = listenForInterrupt(io, () => announced++);
    for (const listener of [...listeners, ...listeners]) listener();
    expect(signal.aborted).toBe(true);
    expect(announced).toBe(1);
  });
});

describe('a concept in words', () => {
  it('shows members, coherence and what each judge said', () => {
    const lemma = (id: number, name: string, count: number) => ({ id, name, pos: 'ADJ', count });
    const [big, large] = [lemma(0, 'big', 9), lemma(1, 'large', 4)];
    const proposal = {
      a: big!,
      b: large!,
      similarity: 0.8,
      rankAB: 0,
      rankBA: 1,
      liftAB: 1.5,
      liftBA: 0.25,
      shared: [],
    };
    const verdicts = [{ judge: 'base', accept: true, score: 0.7, reason: 'fits both ways' }];
    const judged = { proposal, accepted: true, apart: false, verdicts };
    const concepts = ConceptVocabulary.fromClusters([big!, large!], [[0, 1]], [judged]);
    const text = conceptLines(concepts.concept(0), concepts).join('\n');
    expect(text).toContain('big/large  #0 ADJ, coherence 0.800: big (9), large (4)');
    expect(text).toContain("similarity 0.800, fits the other's slots by 1.50 and 0.25 nats");
    expect(text).toContain('base accepts (0.700): fits both ways');
  });
});

describe('a trace in words', () => {
  it('keeps each choice on its line, whatever was chosen', () => {
    const choice = {
      level: 'word',
      chosen: 'a\nb\x1b',
      probability: 0.5,
      bits: 1,
      runnersUp: [{ name: 'c', probability: 0.25 }],
    };
    const sample = {
      from: 'word',
      prompt: '',
      text: '',
      seed: 1,
      trace: [{ text: ' a', boundary: 0 as const, choices: [choice] }],
    };
    expect(traceLines(sample, 5)).toEqual([
      '    " a"',
      expect.stringMatching(/^ {6}word {5}a␊b␛ +0\.500 {2}1\.00 bits {2}over c 0\.250$/),
    ]);
  });
});
