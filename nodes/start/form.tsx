import { Play } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { groupWords } from "../words/test-words.ts";
import type { start } from "./definition.ts";

type Config = z.output<(typeof start)["config"]>;

const reEntryWords = (reEntry: Config["reEntry"]): string => {
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

const summary = ({ reEntry, enterIf, leaveIf, stopOnReply, longestStayDays, sendingHours, inputs = [] }: Config): string =>
  [
    reEntryWords(reEntry),
    ...(enterIf ? [`only if ${groupWords(enterIf)}`] : []),
    ...(leaveIf ? [`ends when ${groupWords(leaveIf)}`] : []),
    ...(stopOnReply ? ["ends on a reply"] : []),
    ...(longestStayDays === undefined ? [] : [longestStayDays === 1 ? "ends after 1 day" : `ends after ${longestStayDays} days`]),
    ...(sendingHours ? [`texts from ${sendingHours.from} to ${sendingHours.to}`] : []),
    ...(inputs.length > 0 ? [`asks for ${inputs.map(({ label }) => label).join(", ")}`] : []),
  ].join("; ");

export const startForm: NodeForm<typeof start> = { Icon: Play, summary };
