// The worker that lays out the map, so that the server answers meanwhile.
// From: Strata; started by concept-map.ts with the vectors as its data.
import { parentPort, workerData } from 'node:worker_threads';
import { type LayoutProgress, layOut } from './layout.js';

/** What the worker is given. */
export interface MapTask {
  readonly vectors: Float32Array;
  readonly count: number;
  readonly seed: number;
}

/** What the worker says. */
export type MapMessage = { readonly step: string; readonly share: number } | { readonly positions: Float32Array };

if (parentPort !== null) {
  const port = parentPort;
  let said = 0;
  let last = '';
  const progress: LayoutProgress = (step, share) => {
    // A message a tenth of a second is as often as anybody looks; a new step is told at once, since it may be a long one.
    if (step === last && Date.now() - said < 100) return;
    said = Date.now();
    last = step;
    port.postMessage({ step, share } satisfies MapMessage);
  };
  const { vectors, count, seed } = workerData as MapTask;
  const positions = layOut(vectors, count, seed, progress);
  port.postMessage({ positions } satisfies MapMessage, [positions.buffer as ArrayBuffer]);
}
