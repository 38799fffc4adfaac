// A session that takes what it asks for out of feeds that may hold more.
import type { Executable } from '@strata/engine';
import { type Feeds, feedsFor } from './ladder-batch.js';

/** A session with weights inside, fed from whatever holds its inputs. */
export class BoundSession {
  constructor(readonly executable: Executable) {}

  /** Runs with what the graph asks for out of `feeds`, which may hold more. */
  run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    return this.executable.run(feedsFor(this.executable, feeds));
  }
}
