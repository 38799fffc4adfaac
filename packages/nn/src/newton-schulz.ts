// Newton-Schulz iteration as a graph: the nearest matrix with orthonormal rows or columns, roughly, by products alone
// (Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks").
import { add, divide, matmul, multiply, type Node, sqrt, sum } from '@strata/tensor';

/** a, b, c of the quintic s -> a s + b s^3 + c s^5, which lifts small singular values fast and leaves all near 1. */
export const QUINTIC = [3.4445, -4.775, 2.0315] as const;

/** Iterations after which singular values above a hundredth of the norm lie between 0.68 and 1.14. */
export const NEWTON_SCHULZ_STEPS = 5;

/** Keeps a matrix of zeros what it is. */
const EPSILON = 1e-7;

/** U f(S) Vᵀ for each matrix U S Vᵀ of x [N, rows, columns], where f moves all singular values close to 1. */
export function newtonSchulz(x: Node, steps: number = NEWTON_SCHULZ_STEPS): Node {
  const [a, b, c] = QUINTIC;
  const wide = x.shape[1]! <= x.shape[2]!;
  // The Frobenius norm is at least the largest singular value; the iteration converges for those up to 1.
  let y = divide(x, add(sqrt(sum(multiply(x, x), [1, 2], true)), EPSILON));
  for (let step = 0; step < steps; step++) {
    // Over the shorter side: yyᵀ or yᵀy.
    const gram = matmul(y, y, wide ? { transposeB: true } : { transposeA: true });
    const even = add(multiply(gram, b), matmul(gram, gram, { scale: c }));
    y = add(multiply(y, a), wide ? matmul(even, y) : matmul(y, even));
  }
  return y;
}
