// The hash of data/english/inflections.json, so that a table that was changed by hand is noticed.
// Written by scripts/english/build-inflections.mjs.

/** SHA-256 of data/english/inflections.json, in hexadecimal. */
export const INFLECTIONS_SHA256 = '90ff071aba21b4da1a2b01b2513c993769aab7b04bfb532bf102812b9f3cb2d0';
