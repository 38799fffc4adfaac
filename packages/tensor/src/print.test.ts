// What a graph looks like in print, kept as a snapshot: a change of the builders or of a derivative shows here, line by line.
import { expect, it } from 'vitest';
import { tinyTransformer } from '../../../test/tiny-transformer.js';
import { printGraph, topologicalOrder } from './index.js';

it('the loss of a tiny transformer and its gradients', () => {
  const { outputs } = tinyTransformer();
  const printed = printGraph(outputs);
  expect(printed).toMatchSnapshot();
  // One line for each node and each output, and the same lines for the same graph built again.
  const nodes = topologicalOrder(Object.values(outputs)).length;
  expect(printed.split('\n')).toHaveLength(nodes + Object.keys(outputs).length);
  expect(printGraph(tinyTransformer().outputs)).toBe(printed);
});
