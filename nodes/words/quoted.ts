/** A value in quotation marks, so that an empty text and a space can be told apart. */
export const quoted = (value: unknown): string => {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  return `“${typeof value === "string" ? value : JSON.stringify(value)}”`;
};
