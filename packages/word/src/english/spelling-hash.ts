// The hash of data/english/spelling.txt, so that a list that was changed by hand is noticed.
// Written by scripts/english/build-spelling.mjs.

/** SHA-256 of data/english/spelling.txt, in hexadecimal. */
export const SPELLING_SHA256 = '1a25570b605e74d160918397110458833350632d30e02e1a2c3c7c889006d1fa';
