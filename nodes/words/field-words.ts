import { contactFields, fieldOf } from "#contract/contact-fields.ts";
import { splitField } from "#contract/field-path.ts";

/** A field as a person would name it: "lead status", or for `metadata.plan` and `custom["Company Name"]` its own name. */
export const fieldWords = (field: string): string => {
  const known = fieldOf(field);
  if (known) return lowerFirst(contactFields[known].label);
  // What the history keeps of a change is the plain name, which may hold brackets of its own.
  const [namespace, ...names] = splitField(field);
  return namespace === "custom" || (namespace === "metadata" && field.includes("[")) ? names.join(".") : field.replace(/^metadata\./, "");
};

/** "SMS" and the like keep their capitals. */
const lowerFirst = (text: string): string => (/^[A-Z]{2}/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
