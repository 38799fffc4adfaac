// Trains one stage of the small run in a process of its own, a step at a time and slowly, so that it can be killed
// midway: node test/train-child.mjs FOLDER STAGE. Says "step N" after each step.
import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';

const [folder, stage] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
// The sources are run as the tests run them: workspace names resolve to packages/*/src.
const server = await createViteServer({
  root,
  configFile: fileURLToPath(new URL('../vitest.config.ts', import.meta.url)),
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  logLevel: 'error',
});
const { smallCorpus, trainSmall } = await server.ssrLoadModule('/test/small-run.ts');
const pause = new Int32Array(new SharedArrayBuffer(4));
const slow = () => ({
  update(done) {
    process.stdout.write(`step ${done}\n`);
    Atomics.wait(pause, 0, 0, 40);
  },
  note() {},
  finish() {},
});
await trainSmall(folder, smallCorpus(), [stage], { progress: slow, checkpointSeconds: 0 });
process.stdout.write('finished\n');
process.exit(0);
