import { Target } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { durationWords } from "../words/duration-words.ts";
import { groupWords } from "../words/test-words.ts";
import type { goal } from "./definition.ts";

const summary = (config: z.output<(typeof goal)["config"]>): string => {
  const others = {
    continue: "others go on",
    wait: `others wait, at most ${durationWords(config.limitSeconds)}`,
    end: "others leave the flow",
  }[config.otherwise];
  return `${groupWords(config)}; ${others}`;
};

export const goalForm: NodeForm<typeof goal> = { Icon: Target, summary };
