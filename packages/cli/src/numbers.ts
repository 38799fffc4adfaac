// Numbers as options: checked where they are read, so that a slip is named and not computed with.
// From: Strata's house rule to validate at the door.
import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers from `least` to 2^31 - 1. */
export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value < 2 ** 31) return value;
    throw new InvalidArgumentError(`Accepted: a whole number from ${least} to ${2 ** 31 - 1}.`);
  };
}

/** A parser of numbers from `least` to `most`. */
export function realFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Accepted: a number from ${least} to ${most}.`);
  };
}
