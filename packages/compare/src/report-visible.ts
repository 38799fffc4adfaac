// Text from data made safe and honest to show: nothing in it can steer a terminal, reorder a line or hide.
// Unicode Technical Report 36 (3.1, bidirectional spoofing) names the characters that reorder; U+DC80..U+DCFF carry invalid bytes here.

// C0 and C1 controls but tab and newline, lone surrogates, bidirectional controls, line and paragraph separators, byte order mark.
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Returns `text` with every control, lone surrogate and reordering character written out, as in \x1b or \u202e. */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    // A lone U+DC80..U+DCFF stands for one byte that was not UTF-8.
    if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Returns at most `most` UTF-16 code units of `text`, ending in an ellipsis when something was cut; never half a code point. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = most - 1;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(end - 1)) && /[\udc00-\udfff]/.test(text.charAt(end));
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`;
}

/** Returns `text` on one line, visible and clipped: for names, labels and table cells. */
export function label(text: string, most = 80): string {
  return clip(
    visible(text.slice(0, most * 4))
      .replace(/\s+/g, ' ')
      .trim(),
    most,
  );
}

/** Returns one unit of text as a reader should see it alone: its leading space dropped, line breaks as a return sign. */
export function unitLabel(text: string, most = 40): string {
  return label(text.trim() === '' ? text.replace(/\n/g, '⏎').replace(/[^\S⏎]/g, '␣') : text, most);
}
