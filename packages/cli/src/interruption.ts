// Ctrl-C once: stop where the work can be taken up again. Ctrl-C twice: stop at once.
// From: the custom of long-running command-line tools.
import type { Io } from './io.js';

// npm hands the terminal's Ctrl-C on to its child, which then sees the same one twice.
const SAME_KEY_MILLISECONDS = 200;

/** A signal that is raised by the first Ctrl-C; `release` gives Ctrl-C back its usual meaning. */
export interface Interruption {
  readonly signal: AbortSignal;
  release(): void;
}

/** Listens for Ctrl-C; `announce` is called at the first one, after which the next ends the process by default. */
export function listenForInterrupt(io: Io, announce: () => void): Interruption {
  const controller = new AbortController();
  const release = io.onInterrupt(() => {
    if (controller.signal.aborted) return;
    controller.abort();
    announce();
    // Without a listener the system ends the process, even while it computes.
    setTimeout(release, SAME_KEY_MILLISECONDS).unref();
  });
  return { signal: controller.signal, release };
}
