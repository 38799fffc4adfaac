// Normalisers and layers that engines have as one fused kernel, and the loss built from them.
import { negate } from './arithmetic.js';
import { ShapeError } from './errors.js';
import { pick } from './indexing.js';
import { reshape } from './movement.js';
import type { Node } from './op.js';
import { makeNode } from './shapeRules.js';

/** Probabilities over the last axis. */
export function softmax(x: Node): Node {
  return makeNode({ kind: 'softmax' }, [x]);
}

/** Log-probabilities over the last axis, in nats. */
export function logSoftmax(x: Node): Node {
  return makeNode({ kind: 'logSoftmax' }, [x]);
}

/** gain * x / sqrt(mean(x^2) + epsilon) over the last axis; x [..., D], gain [D] (Zhang & Sennrich 2019). */
export function rmsNorm(x: Node, gain: Node, epsilon: number): Node {
  return makeNode({ kind: 'rmsNorm', epsilon }, [x, gain]);
}

/** 1 / sqrt(mean(x^2) + epsilon) over the last axis: x [..., D] -> [..., 1]. */
export function inverseRms(x: Node, epsilon: number): Node {
  return makeNode({ kind: 'inverseRms', epsilon }, [x]);
}

/**
 * Rotary positions: x [..., T, K], cos and sin [T, K/2] (Su et al. 2021). Pairs are (k, k + K/2), the rotate-half layout of
 * Llama in Hugging Face: first' = first cos - second sin, second' = second cos + first sin.
 */
export function rotary(x: Node, cos: Node, sin: Node): Node {
  return makeNode({ kind: 'rotary' }, [x, cos, sin]);
}

/** x itself, through which no gradient flows. */
export function stopGradient(x: Node): Node {
  return makeNode({ kind: 'stopGradient' }, [x]);
}

/** Cross-entropy of each row in nats: logits [N, V], targets int32 [N] -> [N]. Throws ShapeError. */
export function crossEntropy(logits: Node, targets: Node): Node {
  const [rows] = logits.shape;
  if (logits.shape.length !== 2 || targets.shape.length !== 1 || targets.shape[0] !== rows) {
    throw new ShapeError('crossEntropy', [logits.shape, targets.shape], 'logits have to be [N, V] and targets [N]');
  }
  return negate(reshape(pick(logSoftmax(logits), reshape(targets, [rows!, 1])), [rows!]));
}
