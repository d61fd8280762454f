/**
 * Splits a migration into its statements: the Supabase CLI records them one by one, and an error can then name the one
 * that failed. This is not a parser; it knows just enough not to be fooled by a semicolon inside a string, a quoted
 * name, a comment, a dollar-quoted body or a `begin atomic ... end` body.
 */
export function splitStatements(source: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let atomicDepth = 0;
  let position = 0;

  while (position < source.length) {
    const opaque = skipOpaque(source, position);
    if (opaque > position) {
      position = opaque;
      continue;
    }
    const word = readWord(source, position);
    if (word) {
      if (/^begin$/i.test(word) && /^\s+atomic\b/i.test(source.slice(position + word.length))) atomicDepth = 1;
      else if (atomicDepth > 0 && /^case$/i.test(word)) atomicDepth += 1;
      else if (atomicDepth > 0 && /^end$/i.test(word)) atomicDepth -= 1;
      position += word.length;
      continue;
    }
    if (source[position] === ";" && atomicDepth === 0) {
      statements.push(source.slice(start, position));
      start = position + 1;
    }
    position += 1;
  }
  statements.push(source.slice(start));
  return statements.map((statement) => statement.trim()).filter(hasCode);
}

/** The end of the comment, string, quoted name or dollar-quoted body that starts here; else the position itself. */
function skipOpaque(source: string, position: number): number {
  const two = source.slice(position, position + 2);
  if (two === "--") return endOf(source, "\n", position + 2);
  if (two === "/*") return skipBlockComment(source, position);
  if (/^e'$/i.test(two) && !isWordCharacter(source[position - 1])) return skipEscapeString(source, position + 2);
  const character = source[position];
  // A doubled quote inside simply reads as two strings side by side.
  if (character === "'" || character === '"') return endOf(source, character, position + 1);
  if (character === "$" && !isWordCharacter(source[position - 1])) {
    const tag = source.slice(position).match(/^\$(?:[a-z_]\w*)?\$/i)?.[0];
    if (tag) return endOf(source, tag, position + tag.length);
  }
  return position;
}

function skipBlockComment(source: string, position: number): number {
  let depth = 0;
  for (let index = position; index < source.length; index += 1) {
    const two = source.slice(index, index + 2);
    if (two === "/*") depth += 1;
    else if (two === "*/") depth -= 1;
    else continue;
    index += 1;
    if (depth === 0) return index + 1;
  }
  return source.length;
}

function skipEscapeString(source: string, position: number): number {
  for (let index = position; index < source.length; index += 1) {
    if (source[index] === "\\") index += 1;
    else if (source[index] === "'") return index + 1;
  }
  return source.length;
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found + mark.length;
}

function readWord(source: string, position: number): string | undefined {
  return source.slice(position, position + 64).match(/^\w+/)?.[0];
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}

function hasCode(statement: string): boolean {
  let position = 0;
  while (position < statement.length) {
    const isComment = /^(--|\/\*)/.test(statement.slice(position, position + 2));
    if (!isComment && /\S/.test(statement[position] ?? "")) return true;
    position = isComment ? skipOpaque(statement, position) : position + 1;
  }
  return false;
}
