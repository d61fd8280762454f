import { ShieldCheck } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import type { consent } from "./definition.ts";

const summary = ({ sms, email, doNotContact, reason }: z.output<(typeof consent)["config"]>): string => {
  const channels = { opt_in: [] as string[], opt_out: [] as string[] };
  if (sms) channels[sms].push("SMS");
  if (email) channels[email].push("e-mail");
  const parts = [
    ...(channels.opt_in.length > 0 ? [`Opt in to ${channels.opt_in.join(" and ")}`] : []),
    ...(channels.opt_out.length > 0 ? [`Opt out of ${channels.opt_out.join(" and ")}`] : []),
    ...(doNotContact ? ["Do not contact"] : []),
  ];
  return `${parts.join(", ")}${reason === "" ? "" : `: ${reason}`}`;
};

export const consentForm: NodeForm<typeof consent> = { Icon: ShieldCheck, summary };
