import { Webhook } from "lucide-react";
import type { NodeForm } from "../node-form.tsx";
import type { webhook } from "./definition.ts";

/** Method and host; the path is often long, and what stands in it is nobody's business on a card. */
export const webhookForm: NodeForm<typeof webhook> = {
  Icon: Webhook,
  summary: ({ method, url }) => `${method} ${url.replace(/^(https?:\/\/[^/?]*).*$/, "$1")}`,
};
