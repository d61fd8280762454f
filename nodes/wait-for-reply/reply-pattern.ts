/**
 * Whether the whole of a text looks like a pattern, in which `*` stands for any text, `?` for one character and `#` for a
 * digit. There is nothing else to it, so no pattern takes more time than its length times that of the text: a star that
 * turns out to have been too short is made one longer, and only the last one ever is.
 */
export function fitsPattern(text: string, pattern: string): boolean {
  const [signs, parts] = [[...text], [...pattern]];
  let [at, in_] = [0, 0];
  let star = -1;
  let starAt = 0;
  while (at < signs.length) {
    const part = parts[in_];
    if (part === "*") {
      star = in_;
      starAt = at;
      in_ += 1;
    } else if (part !== undefined && fitsSign(signs[at] as string, part)) {
      at += 1;
      in_ += 1;
    } else if (star >= 0) {
      starAt += 1;
      at = starAt;
      in_ = star + 1;
    } else {
      return false;
    }
  }
  while (parts[in_] === "*") in_ += 1;
  return in_ === parts.length;
}

const fitsSign = (sign: string, part: string): boolean => part === "?" || sign === part || (part === "#" && sign >= "0" && sign <= "9");
