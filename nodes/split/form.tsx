import { Percent } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import type { split } from "./definition.ts";

const summary = ({ shares, draw }: z.output<(typeof split)["config"]>): string => {
  const parts = shares.map(({ id, label, percent }) => `${percent} % ${label || id}`).join(", ");
  return draw === "fresh" ? `${parts}, drawn each time` : parts;
};

export const splitForm: NodeForm<typeof split> = { Icon: Percent, summary };
