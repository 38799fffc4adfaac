// Trains the base of a small run on a folder of text in a process of its own and says how much memory that took:
// node test/corpus-child.mjs CORPUS RUN. The last line is JSON: peak resident memory in MB, bytes of text, steps.
import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';

const [corpusFolder, runFolder] = process.argv.slice(2);
const root = fileURLToPath(new URL('..', import.meta.url));
// The sources are run as the tests run them: workspace names resolve to packages/*/src.
const server = await createViteServer({
  root,
  configFile: fileURLToPath(new URL('../vitest.config.ts', import.meta.url)),
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  logLevel: 'error',
});
const { trainSmall } = await server.ssrLoadModule('/test/small-run.ts');
const { loadCorpus } = await server.ssrLoadModule('/packages/text/src/index.ts');
const corpus = loadCorpus({ folder: corpusFolder });
let steps = 0;
const progress = (label) => ({
  update(done) {
    if (label.startsWith('train')) steps = done;
  },
  note() {},
  finish() {},
});
await trainSmall(runFolder, corpus, ['subword'], { progress });
const megabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ megabytes, bytes: corpus.train.bytes, steps })}\n`);
process.exit(0);
