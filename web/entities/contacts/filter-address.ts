import type { FilterTest } from "#contract/contacts.ts";

// A test is `field.operator.value`, tests are parted by ";" and the choices of one by ",": short enough to be read
// in the address and to be sent to a colleague.
const escaped = (text: string) => text.replace(/[~;,]/g, (sign) => `~${sign.charCodeAt(0).toString(16)}`);

/** A test of a filter as the address of the contacts page has it. */
export const testText = ({ field, operator, value }: FilterTest): string => {
  if (value === undefined) return `${field}.${operator}`;
  return `${field}.${operator}.${Array.isArray(value) ? value.map(escaped).join(",") : escaped(String(value))}`;
};
