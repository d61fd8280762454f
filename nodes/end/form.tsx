import { Flag } from "lucide-react";
import type { NodeForm } from "../node-form.tsx";
import type { end } from "./definition.ts";

const words = { reached: "Goal reached", not_reached: "Goal not reached", neutral: "Leaves the flow" } as const;

export const endForm: NodeForm<typeof end> = { Icon: Flag, summary: ({ result }) => words[result] };
