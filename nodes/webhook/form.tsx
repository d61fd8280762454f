import { Webhook } from "lucide-react";
import type { NodeForm } from "../node-form.tsx";
import type { webhook } from "./definition.ts";

/** The card shows method and host. The path is often long and may hold data that does not belong on a card. */
export const webhookForm: NodeForm<typeof webhook> = {
  Icon: Webhook,
  summary: ({ method, url }) => `${method} ${url.replace(/^(https?:\/\/[^/?]*).*$/, "$1")}`,
};
