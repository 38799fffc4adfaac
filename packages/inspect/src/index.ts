export * from './answers.js';
export { keptConceptMap, parseConceptMap } from './concept-map.js';
export { ConceptSpaceError, type Near, type Part } from './concept-space.js';
export type { InspectionSource } from './inspected-run.js';
export { LAYOUT_VERSION, layOut } from './layout.js';
export { PAGE_FOLDER, PageNotBuiltError } from './page-files.js';
export { type Inspection, type InspectionOptions, PortError, startInspection } from './server.js';
