// Options that may be given several times.

/** Adds one more value of a repeatable option to those before it. */
export function collect(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value];
}
