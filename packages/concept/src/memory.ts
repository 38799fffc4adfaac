// What the concept level remembers of a text: how much of it, as the configuration spells it.
// From: Grave et al. 2017 (a cache beyond the window); the memory itself is nn's.
import { z } from 'zod';

export const conceptMemorySchema = z.strictObject({
  /** Units before the window that are remembered, within their document. */
  units: z.int().min(1).max(65_536),
  /** At most this many different concepts of them, those named last. */
  concepts: z.int().min(1).max(8192),
  /** Width in which what is meant is compared with what is remembered. */
  width: z.int().min(8).max(1024).default(64),
});

export type ConceptMemoryConfig = z.infer<typeof conceptMemorySchema>;
