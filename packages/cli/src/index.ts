// The `strata` command as a function, for tests and for those who start it from their own program.
export { EXIT, RequestError } from './expected-errors.js';
export { type Io, processIo, type TextStream } from './io.js';
export { main } from './program.js';
