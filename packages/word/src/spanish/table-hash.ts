// The hash of data/spanish/table.json, so that a table that was changed by hand is noticed.
// Written by scripts/spanish/build-table.mjs.

/** SHA-256 of data/spanish/table.json, in hexadecimal. */
export const SPANISH_TABLE_SHA256 = '47c3b8d590c502f39a4e838ea3d3bf71e5aef78b2ece04411a0fb8fd91459b60';
