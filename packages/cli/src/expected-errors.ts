// Which errors are a person's to solve and which are ours: the first get one message, the second a stack.
// From: Strata's house rules for errors; a test compares this list with the classes that the packages declare.

/** A request to the command line that cannot be fulfilled as it stands. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** Exit codes: 1 is kept for our own mistakes, 2 is for what the person can mend, 130 for Ctrl-C. */
export const EXIT = { done: 0, bug: 1, request: 2, interrupted: 130 } as const;

/** Named errors that come from files, configurations, corpora, devices and requests; the rest are bugs. */
export const EXPECTED_ERRORS: ReadonlySet<string> = new Set([
  'AskedError',
  'BpeFileError',
  'BpeTrainingError',
  'BusyError',
  'CodebookError',
  'ConceptEditsError',
  'ConceptIndexError',
  'ConceptSpaceError',
  'ConceptVocabularyError',
  'ConfigError',
  'CorpusDeclarationError',
  'CorpusFileError',
  'CorpusHashError',
  'CorpusSplitError',
  'DamagedFileError',
  'DeviceError',
  'DiskFullError',
  'DivergedError',
  'EmbeddingsFormatError',
  'EngineError',
  'FileTooLargeError',
  'ForeignFileError',
  'ForeignRunError',
  'GenerationError',
  'GoldFormatError',
  'InterruptedError',
  'JsonFileError',
  'LockedError',
  'LongTextError',
  'JsonLineError',
  'MeasureError',
  'MissingFileError',
  'MisspellingsFormatError',
  'NoMisspellingsError',
  'OnnxError',
  'PageNotBuiltError',
  'PairsFormatError',
  'ParameterError',
  'PortError',
  'ReadOnlyError',
  'RecognitionError',
  'ReportFormatError',
  'RequestError',
  'ResumeError',
  'SafetensorsError',
  'SimlexFormatError',
  'SwordsFormatError',
  'UnreadableFileError',
  'VersionError',
  'VocabularyFormatError',
  'WordFileError',
  'WordNetFormatError',
  'WriteError',
]);

/** The exit code and the message for whatever was thrown. */
export function explain(error: unknown): { code: number; message: string } {
  if (error instanceof Error && EXPECTED_ERRORS.has(error.name)) {
    const code = error.name === 'InterruptedError' ? EXIT.interrupted : EXIT.request;
    return { code, message: error.message };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT.bug, message: `this is a bug in Strata; please report it with these lines\n${stack}` };
}
