import { Hourglass } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { durationWords } from "../words/duration-words.ts";
import { groupWords } from "../words/test-words.ts";
import type { waitUntil } from "./definition.ts";

const summary = (config: z.output<(typeof waitUntil)["config"]>): string =>
  `Wait until ${groupWords(config)}, at most ${durationWords(config.limitSeconds)}`;

export const waitUntilForm: NodeForm<typeof waitUntil> = { Icon: Hourglass, summary };
