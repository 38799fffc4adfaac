// A work that computes in this thread is stopped by a signal that comes from outside of it, and shows each part once.
import { describe, expect, it } from 'vitest';
import { LongWork } from './long-work.js';
import { createProgress } from './progress.js';
import { InterruptedError } from './stage.js';

describe('LongWork', () => {
  it('lets a timer raise the signal while the thread computes, and ends within a second of it', async () => {
    const controller = new AbortController();
    const work = new LongWork({
      label: 'test',
      progress: (label, total, unit) => createProgress(label, total, unit, { stream: { write: () => {} } }),
      signal: controller.signal,
      stopped: 'stopped while counting; count again',
    });
    work.begin('counting', 1e9, 'numbers');
    let raisedAt = Number.POSITIVE_INFINITY;
    setTimeout(() => {
      raisedAt = performance.now();
      controller.abort();
    }, 120);
    const counting = async (): Promise<void> => {
      for (let done = 0, sum = 0; ; done++) {
        for (let i = 0; i < 1e5; i++) sum += Math.sqrt(i + done);
        if (Number.isNaN(sum)) return;
        await work.reach(done);
      }
    };
    await expect(counting()).rejects.toThrow(InterruptedError);
    expect(performance.now() - raisedAt).toBeLessThan(1000);
    work.finish();
  });

  it('shows a line for each part, the last with all that was done', async () => {
    const lines: string[] = [];
    const work = new LongWork({
      label: 'distil',
      progress: (label, total, unit) =>
        createProgress(label, total, unit, { stream: { write: (line) => lines.push(line) }, isTTY: false }),
      stopped: '',
    });
    work.begin('one', 4, 'pairs');
    for (const done of [1, 2, 3, 4]) await work.reach(done);
    work.begin('two', 2, 'lemmas');
    await work.reach(2);
    work.finish();
    expect(lines.filter((line) => line.includes('distil: one')).at(-1)).toContain('4/4 pairs 100%');
    expect(lines.at(-1)).toContain('distil: two  2/2 lemmas 100%');
  });
});
