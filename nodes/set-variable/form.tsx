import { Variable } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { templateExcerpt } from "../words/template-excerpt.ts";
import type { setVariable } from "./definition.ts";

const summary = ({ name, value, as }: z.output<(typeof setVariable)["config"]>): string =>
  value.trim() === "" ? `Take ${name} away` : `${name} = ${templateExcerpt(value)}${as === "text" ? "" : ` as a ${as}`}`;

export const setVariableForm: NodeForm<typeof setVariable> = { Icon: Variable, summary };
