#!/usr/bin/env node
// The door of the `strata` command: arguments in, exit code out.
// All else is in program.ts, where a test can call it.
import { processIo } from './io.js';
import { main } from './program.js';

// A reader that has seen enough (`strata concepts list | head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2), processIo);
