/**
 * What a page reads from its address: optional words. Anything else in the address is dropped, and a number the
 * router made of "007" is text again.
 */
export const searchStrings =
  <Name extends string>(...names: Name[]) =>
  (given: Record<string, unknown>): { [K in Name]?: string } => {
    const kept = names
      .filter((name) => given[name] !== undefined && given[name] !== null && given[name] !== "")
      .map((name) => [name, typeof given[name] === "object" ? JSON.stringify(given[name]) : String(given[name])]);
    return Object.fromEntries(kept);
  };
