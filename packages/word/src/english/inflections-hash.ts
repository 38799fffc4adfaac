// The hash of data/english/inflections.json, so that a table that was changed by hand is noticed.
// Written by scripts/english/build-inflections.mjs.

/** SHA-256 of data/english/inflections.json, in hexadecimal. */
export const INFLECTIONS_SHA256 = '1f90d7637e67c6d5e3ac259def8781d953d494def54bbf63bd3c9fbccbb73df2';
