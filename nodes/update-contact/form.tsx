import { UserPen } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { fieldWords } from "../words/field-words.ts";
import type { ContactChangeConfig, updateContact } from "./definition.ts";

const changeWords = ({ field, operation, value, onlyIfEmpty }: ContactChangeConfig): string => {
  const what = fieldWords(field);
  const words = {
    set: `Set ${what} to ${value}`,
    clear: `Clear ${what}`,
    add: `Add ${value} to ${what}`,
    subtract: `Subtract ${value} from ${what}`,
    append: `Append “${value}” to ${what}`,
    add_tag: `Add the tag ${value}`,
    remove_tag: `Remove the tag ${value}`,
  }[operation];
  return onlyIfEmpty ? `${words} if it is empty` : words;
};

const summary = ({ changes }: z.output<(typeof updateContact)["config"]>): string => {
  const [first, ...more] = changes;
  if (!first) return "No changes";
  return `${changeWords(first)}${more.length === 0 ? "" : ` · ${more.length} more`}`;
};

export const updateContactForm: NodeForm<typeof updateContact> = { Icon: UserPen, summary };
