// The hash of data/english/lemmas.txt, so that a list that was changed by hand is noticed.
// Written by scripts/english/build-lemmas.mjs.

/** SHA-256 of data/english/lemmas.txt, in hexadecimal. */
export const KNOWN_LEMMAS_SHA256 = '53197ff18caec2bbffbb5fc7801d5c81fb92b56c34ecf61ba3eb66126b0ce444';
