// What stands under a command's options, folded to the width of the terminal: prose by words, an example never inside its command.
import type { AddHelpTextContext } from 'commander';

/** Columns of help that goes to no terminal. */
export const HELP_COLUMNS = 80;

const REMARK_INDENT = '      ';

/** Words of a paragraph in lines of at most `width` columns, each after `indent`; a word that is longer has a line of its own. */
function foldedWords(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return lines;
}

/** An example "  command   remark": the remark goes below where both are too long for one line. */
function foldedExample(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const [, command, remark] = /^( +\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
  return remark === undefined ? [line] : [command!, ...foldedWords(remark, width, REMARK_INDENT)];
}

/** A text of prose and of examples, which are indented, in lines of at most `width` columns; prose goes on where a line ends no sentence. */
export function foldHelp(text: string, width: number): string {
  const lines: string[] = [];
  let prose = '';
  const endProse = (): void => {
    if (prose !== '') lines.push(...foldedWords(prose, width));
    prose = '';
  };
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(' ')) {
      endProse();
      lines.push(...(line === '' ? [''] : foldedExample(line, width)));
      continue;
    }
    prose = prose === '' ? line : `${prose} ${line}`;
    if (/[.:]$/.test(line)) endProse();
  }
  endProse();
  return lines.join('\n');
}

/** What `addHelpText` is given for a text: itself, as wide as the help above it. */
export function helpText(text: string): (context: AddHelpTextContext) => string {
  return ({ command, error }) => {
    const { getOutHelpWidth, getErrHelpWidth } = command.configureOutput();
    return foldHelp(text, (error ? getErrHelpWidth : getOutHelpWidth)?.() ?? HELP_COLUMNS);
  };
}
