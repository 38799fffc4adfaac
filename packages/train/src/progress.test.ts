// A person sees how far the job is, how fast and how long still; a log is not flooded.
// From: the promises in progress.ts.
import { describe, expect, it } from 'vitest';
import { createProgress, formatCount, formatSeconds, silentProgress } from './progress.js';

function stage(isTTY: boolean, columns = 120) {
  const state = { time: 0, text: '' };
  const stream = { columns, write: (text: string) => void (state.text += text) };
  return { state, options: { stream, isTTY, now: () => state.time } };
}

describe('on a terminal', () => {
  it('redraws one line and ends it once', () => {
    const { state, options } = stage(true);
    const progress = createProgress('word', 200, 'steps', options);
    progress.update(0);
    state.time = 10_000;
    progress.update(100, { loss: 2.34567, stage: 'a' });
    state.time = 20_000;
    progress.update(200);
    progress.finish();
    progress.finish();
    progress.update(201);
    const frames = state.text.split('\r\x1b[K').slice(1);
    expect(frames).toEqual([
      'word  0/200 steps 0%',
      'word  100/200 steps 50%  10 steps/s  10s left  loss 2.346  stage a',
      'word  200/200 steps 100%  10 steps/s  loss 2.346  stage a',
      'word  200/200 steps 100%  10 steps/s  in 20s  loss 2.346  stage a\n',
    ]);
  });

  it('never wraps, and redraws at most ten times a second', () => {
    const { state, options } = stage(true, 20);
    const progress = createProgress('a long label', 1e6, 'bytes', options);
    for (state.time = 0; state.time < 1000; state.time++) progress.update(state.time);
    const frames = state.text.split('\r\x1b[K').slice(1);
    expect(frames).toHaveLength(10);
    for (const frame of frames) expect(frame.length).toBeLessThan(20);
  });

  it('puts a note above the line', () => {
    const { state, options } = stage(true);
    const progress = createProgress('word', 2, 'steps', options);
    progress.update(1);
    state.text = '';
    progress.note('checkpoint damaged');
    expect(state.text).toBe('\r\x1b[Kcheckpoint damaged\n\r\x1b[Kword  1/2 steps 50%');
  });
});

describe('in a log', () => {
  it('writes plain lines: the first, one every 5 s, and the last', () => {
    const { state, options } = stage(false);
    const progress = createProgress('word', 120, 'steps', options);
    for (let second = 0; second <= 12; second++) {
      state.time = second * 1000;
      progress.update(second * 10, { loss: 1 });
    }
    progress.finish();
    expect(state.text).not.toContain('\x1b');
    expect(state.text).not.toContain('\r');
    expect(state.text.trimEnd().split('\n')).toEqual([
      'word  0/120 steps 0%  loss 1',
      'word  50/120 steps 41%  10 steps/s  7s left  loss 1',
      'word  100/120 steps 83%  10 steps/s  2s left  loss 1',
      'word  120/120 steps 100%  10 steps/s  in 12s  loss 1',
    ]);
  });

  it('takes the rate from this process only, and from the last half minute', () => {
    const { state, options } = stage(false);
    const progress = createProgress('word', 10_000, 'steps', { ...options, done: 5000 });
    for (let second = 0; second <= 60; second += 5) {
      state.time = second * 1000;
      progress.update(5000 + second * 2);
    }
    for (let second = 65; second <= 120; second += 5) {
      state.time = second * 1000;
      progress.update(5120 + (second - 60) * 20);
    }
    const lines = state.text.trimEnd().split('\n');
    expect(lines[1]).toContain('  2 steps/s');
    expect(lines.at(-1)).toContain('  20 steps/s');
  });
});

describe('formats', () => {
  it('are short and right', () => {
    expect([0, 0.25, 950, 9999, 12_345, 999_999, 4_560_000, 2e9].map(formatCount)).toEqual([
      '0',
      '0.25',
      '950',
      '9999',
      '12.3k',
      '1.00M',
      '4.56M',
      '2.00G',
    ]);
    expect([0.4, 42, 59.6, 185, 3599.7, 7620].map(formatSeconds)).toEqual([
      '0s',
      '42s',
      '1m00s',
      '3m05s',
      '1h00m',
      '2h07m',
    ]);
  });

  it('silentProgress shows nothing and accepts everything', () => {
    silentProgress.update(1, { loss: 1 });
    silentProgress.note('a');
    silentProgress.finish();
  });
});
