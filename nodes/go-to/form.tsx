import { CornerLeftUp } from "lucide-react";
import type { z } from "zod";
import { isolated } from "#ui/format.ts";
import type { NodeForm } from "../node-form.tsx";
import { durationWords } from "../words/duration-words.ts";
import type { goTo } from "./definition.ts";

const summary = ({ target, times, pauseSeconds }: z.output<(typeof goTo)["config"]>, nameOf: (nodeId: string) => string): string =>
  `Back to “${isolated(nameOf(target))}”, ${times === 1 ? "once" : `at most ${times} ×`}${pauseSeconds === 0 ? "" : `, after ${durationWords(pauseSeconds)}`}`;

export const goToForm: NodeForm<typeof goTo> = { Icon: CornerLeftUp, summary };
