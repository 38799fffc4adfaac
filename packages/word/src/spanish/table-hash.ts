// The hash of data/spanish/table.json, so that a table that was changed by hand is noticed.
// Written by scripts/spanish/build-table.mjs.

/** SHA-256 of data/spanish/table.json, in hexadecimal. */
export const SPANISH_TABLE_SHA256 = 'c90223e9d13014f61f933fb26a0a7418ca17c5e3e32ca0b38390a20f651ac29e';
