// `npm run strata -- ...`: the strata command from the sources, installed and built when needed.
import { prepare } from './prepare.mjs';

prepare();
// In this very process, so that standard input, Ctrl-C and the exit code are the command's own.
await import('../packages/cli/dist/main.js');
