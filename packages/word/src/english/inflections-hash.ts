// The hash of data/english/inflections.json, so that a table that was changed by hand is noticed.
// Written by scripts/english/build-inflections.mjs.

/** SHA-256 of data/english/inflections.json, in hexadecimal. */
export const INFLECTIONS_SHA256 = '4f347e402c975c0841b22409cfd1f0313ba7fadc70d8c5335412e09daed410e4';
