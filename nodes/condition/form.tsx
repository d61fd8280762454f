import { Split } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { groupWords } from "../words/test-words.ts";
import type { condition } from "./definition.ts";

const summary = ({ branches }: z.output<(typeof condition)["config"]>): string => {
  const [first, ...others] = branches;
  if (!first) return "No branches";
  const also = others.length === 0 ? "" : ` · ${others.length} more ${others.length === 1 ? "branch" : "branches"}`;
  return `If ${groupWords(first)}${also}`;
};

export const conditionForm: NodeForm<typeof condition> = { Icon: Split, summary };
