import { Mail } from "lucide-react";
import type { NodeForm } from "../node-form.tsx";
import { templateExcerpt } from "../words/template-excerpt.ts";
import type { sendEmail } from "./definition.ts";

export const sendEmailForm: NodeForm<typeof sendEmail> = { Icon: Mail, summary: ({ subject }) => templateExcerpt(subject) };
