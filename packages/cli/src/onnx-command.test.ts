// What `strata onnx` says of good files, and that bad ones and bad requests end with one message and exit code 2.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toOnnx } from '@strata/engine';
import { add, gather, input, matmul } from '@strata/tensor';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'strata-onnx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function onnx(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const into = (key: 'out' | 'err') => ({
    write: (text: string | Uint8Array) => {
      said[key] += Buffer.from(text as Uint8Array).toString();
    },
  });
  const code = await main(['onnx', ...argv], { stdout: into('out'), stderr: into('err'), onInterrupt: () => () => {} });
  return { code, ...said };
}

const affine = file(
  'affine.onnx',
  toOnnx(
    { scores: add(matmul(input('x', [2, 3]), input('weight', [3, 4])), input('bias', [4])) },
    {
      initializers: new Map([
        ['weight', new Float32Array(12).fill(0.5)],
        ['bias', Float32Array.of(1, 2, 3, 4)],
      ]),
    },
  ),
);

describe('strata onnx', () => {
  it('describes a file without running it', async () => {
    const { code, out, err } = await onnx(affine);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/16 parameters in 2 tensors/);
    expect(out).toMatch(/x +float32 +\[2, 3\]/);
    expect(out).toMatch(/scores +float32 +\[2, 4\]/);
    expect(out).toMatch(/Add +1/);
    expect(out).not.toContain('gave');
  });

  it('runs it once with --run, and --seed decides what is fed', async () => {
    const { code, out } = await onnx(affine, '--run');
    expect(code).toBe(0);
    expect(out).toMatch(/gave +type +shape\n +scores +float32 +\[2, 4\]/);
    expect(out).toMatch(/fed with zeros: loaded in [\d.]+ ms, ran in [\d.]+ ms/);
    expect((await onnx(affine, '--run', '--seed', '3')).out).toContain('drawn from seed 3');
  });

  it('gives the same as one JSON document', async () => {
    const { out } = await onnx(affine, '--run', '--json');
    expect(JSON.parse(out)).toMatchObject({
      path: affine,
      parameters: 16,
      inputs: [{ name: 'x', elementType: 'float32', shape: [2, 3] }],
      run: { seed: null, outputs: [{ name: 'scores', elementType: 'float32', shape: [2, 4] }] },
    });
  });

  it('makes names out of the file safe for a terminal, and cuts long ones', async () => {
    const hostile = `\u001b[2J\n${'n'.repeat(5000)}`;
    const { out } = await onnx(file('names.onnx', toOnnx({ [hostile]: add(input('x', [1]), 1) })));
    expect(out).toContain('\u241b[2J\u240annn');
    expect(out).not.toContain('\u001b');
    expect(out.length).toBeLessThan(2000);
  });

  it('ends with one message and exit code 2 for what a person can mend', async () => {
    // Of 32 drawn indices one is surely not the only row.
    const table = file('table.onnx', toOnnx({ rows: gather(input('table', [1, 2]), input('ids', [32], 'int32')) }));
    for (const [argv, says] of [
      [[join(folder, 'missing.onnx')], 'there is no such file'],
      [[folder], 'it is not a regular file'],
      [[file('text.onnx', Buffer.from('not a model'))], 'text.onnx: byte'],
      [[affine, '--seed', '1'], 'add --run'],
      [[affine, '--run', '--memory', '-1'], 'a whole number from 100'],
      [[table, '--run', '--seed', '1'], 'onnxruntime failed'],
    ] as const) {
      const { code, out, err } = await onnx(...argv);
      expect(code, says).toBe(2);
      expect(out).toBe('');
      expect(err).toContain(says);
      expect(err).not.toMatch(/^\s+at /m);
    }
  });
});
