// `npm start`: everything from a fresh clone to the finished demo; what is done already is not done again.
import { prepare } from './prepare.mjs';

prepare();
process.argv.splice(2, 0, 'demo');
await import('../packages/cli/dist/main.js');
