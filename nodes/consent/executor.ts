import type { ContactFields, NodeExecutor } from "#engine/flow/node-executor.ts";
import { change } from "#engine/flow/node-executor.ts";
import type { consent } from "./definition.ts";

/**
 * Writes the wishes of the contact. An opt-out is taken back only where the node says how the consent is known, and never
 * after the contact refused the channel by an act of their own. An address on the suppression list stays closed whatever is recorded here, and so
 * does a contact that must not be contacted.
 */
export const executeConsent: NodeExecutor<typeof consent> = ({ config }) =>
  change(
    ({ contact }) => {
      const before = wishesOf(contact);
      const optsIn = (["sms", "email"] as const).filter((channel) => config[channel] === "opt_in" && before[`${channel}_opted_out`]);
      // Without a reason nobody could tell later where the consent came from.
      const refused = config.reason === "" ? optsIn : optsIn.filter((channel) => contact.stopped?.includes(channel));
      const isOpen = (channel: "sms" | "email") => config[channel] === "opt_in" && !refused.includes(channel);
      const wished = {
        ...((config.sms === "opt_out" || isOpen("sms")) && { sms_opted_out: config.sms === "opt_out" }),
        ...((config.email === "opt_out" || isOpen("email")) && { email_opted_out: config.email === "opt_out" }),
        ...(config.doNotContact && { dnc: true }),
      };
      const after = { ...before, ...wished };
      const isNew = Object.entries(before).some(([name, value]) => after[name as keyof typeof after] !== value);
      return {
        patch: isNew ? { ...wished, ...(optsIn.some(isOpen) && { consent: config.reason }) } : {},
        exit: "done",
        output: {
          before,
          after,
          ...(config.reason !== "" && { reason: config.reason }),
          ...(refused.length > 0 && { refused, because: config.reason === "" ? ("no_reason" as const) : ("stopped" as const) }),
        },
      };
    },
    { onError: "stop" },
  );

const wishesOf = ({ sms_opted_out, email_opted_out, dnc }: ContactFields) => ({ sms_opted_out, email_opted_out, dnc });
