import { MessageSquare } from "lucide-react";
import type { NodeForm } from "../node-form.tsx";
import { templateExcerpt } from "../words/template-excerpt.ts";
import type { sendSms } from "./definition.ts";

export const sendSmsForm: NodeForm<typeof sendSms> = { Icon: MessageSquare, summary: ({ text }) => templateExcerpt(text) };
