export { applyCasing, CASING, CASING_NAMES, type CasedForm, casingMaskOf, isPlainForm, splitCasing } from './casing.js';
export { concatenate, type EncodedUnits } from './encoded.js';
export { coarsePartOfSpeech, PARTS_OF_SPEECH, type PartOfSpeech } from './parts-of-speech.js';
export { BASE_SLOT, SLOT_IDS, SLOT_NAMES, SLOTS, type Slot, type SlotAxes, type SlotName } from './slots.js';
