// What stands under a command's options, folded to the width of the terminal: prose by words, an example never inside its command.
import { type AddHelpTextContext, Help } from 'commander';

/** Columns of help that goes to no terminal. */
export const HELP_COLUMNS = 80;

const REMARK_INDENT = '      ';

/** Commander's own folding, at any width. */
const FOLDING = Object.assign(new Help(), { minWidthToWrap: 1 });

/** An example "  command   remark": the remark goes below where both are too long for one line. */
function foldedExample(line: string, width: number): string {
  const [, command, remark] = /^( +\S.*?) {2,}(\S.*)$/.exec(line) ?? [];
  if (line.length <= width || remark === undefined) return line;
  const below = FOLDING.boxWrap(remark, width - REMARK_INDENT.length);
  return [command, ...below.split('\n').map((part) => REMARK_INDENT + part)].join('\n');
}

/** A text of prose and of examples, which are indented, in lines of at most `width` columns; prose goes on where a line ends no sentence. */
export function foldHelp(text: string, width: number): string {
  const lines: string[] = [];
  let prose = '';
  const endProse = (): void => {
    if (prose !== '') lines.push(FOLDING.boxWrap(prose, width));
    prose = '';
  };
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith(' ')) {
      endProse();
      lines.push(foldedExample(line, width));
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
