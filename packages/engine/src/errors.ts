// The errors of the engine: each says what was found, what is accepted and what to do next.

/** A graph that cannot become a runnable model. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

/** A device on which this installation cannot run. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

/** A run that failed although its feeds had the right names, types and lengths. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** An engine whose package is not installed, or does not load on this machine. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
