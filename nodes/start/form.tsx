import { Play } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import type { start } from "./definition.ts";

type ReEntry = z.output<(typeof start)["config"]>["reEntry"];

const reEntryWords = (reEntry: ReEntry): string => {
  switch (reEntry.rule) {
    case "any_time":
      return "May enter again at any time";
    case "when_finished":
      return "May enter again when finished";
    case "once":
      return "Enters once only";
    case "after_days":
      return reEntry.days === 1 ? "May enter again after 1 day" : `May enter again after ${reEntry.days} days`;
  }
};

export const startForm: NodeForm<typeof start> = { Icon: Play, summary: ({ reEntry }) => reEntryWords(reEntry) };
