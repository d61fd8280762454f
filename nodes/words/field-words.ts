import { contactFields, fieldOf } from "#contract/contact-fields.ts";

/** A field as a person would name it: "lead status", or for `metadata.plan` its own name. */
export const fieldWords = (field: string): string => {
  const known = fieldOf(field);
  return known ? lowerFirst(contactFields[known].label) : field.replace(/^metadata\./, "");
};

/** "SMS" and the like keep their capitals. */
const lowerFirst = (text: string): string => (/^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
