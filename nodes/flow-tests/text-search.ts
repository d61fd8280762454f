/**
 * Looks for a text in others, in a time that is the sum of their lengths (Knuth, Morris and Pratt). The search that is built in may take
 * their product, and who writes a test chooses both: 2,000 characters in hundreds of e-mails would hold the server for minutes.
 */
export function textSearch(wanted: string): (text: string) => boolean {
  const borders = bordersOf(wanted);
  return (text) => {
    let matched = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      while (matched > 0 && code !== wanted.charCodeAt(matched)) matched = borders[matched - 1] as number;
      if (code === wanted.charCodeAt(matched)) matched += 1;
      if (matched === wanted.length) return true;
    }
    return wanted.length === 0;
  };
}

/** How long the longest beginning is that also ends each part from the start, and is not all of it. */
function bordersOf(text: string): Uint32Array {
  const borders = new Uint32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at += 1) {
    while (length > 0 && text.charCodeAt(at) !== text.charCodeAt(length)) length = borders[length - 1] as number;
    if (text.charCodeAt(at) === text.charCodeAt(length)) length += 1;
    borders[at] = length;
  }
  return borders;
}
