/** What an address says of a filter: the choices that are known, and the words that name none. */
export interface ReadChoices<Choice> {
  values: Choice[];
  unreadable: string[];
}

/** Reads choices that are parted by commas. */
export function readChoices<const Choice extends string>(text: string | undefined, choices: readonly Choice[]): ReadChoices<Choice> {
  const words = (text ?? "").split(",").filter((word) => word !== "");
  return {
    values: choices.filter((choice) => words.includes(choice)),
    unreadable: words.filter((word) => !choices.some((choice) => choice === word)),
  };
}

/** Reads one choice; a text with commas names none. */
export function readChoice<const Choice extends string>(
  text: string | undefined,
  choices: readonly Choice[],
): { value: Choice | undefined; unreadable: string[] } {
  const value = choices.find((choice) => choice === text);
  return { value, unreadable: value === undefined && text ? [text] : [] };
}
