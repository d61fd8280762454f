import { type Channel, channels } from "#contract/messages.ts";
import type { ContactFields, NodeExecutor } from "#engine/flow/node-executor.ts";
import { change } from "#engine/flow/node-executor.ts";
import type { consent } from "./definition.ts";

/**
 * Writes the wishes of the contact. An opt-in is recorded only where the node says how the consent is known, and never after the contact
 * refused the channel by an act of their own. It is recorded for a channel that is open too, because a workspace may ask for a recorded
 * consent. An address on the suppression list stays closed whatever is recorded here, and so does a contact that must not be contacted.
 */
export const executeConsent: NodeExecutor<typeof consent> = ({ config }) =>
  change(
    ({ contact }) => {
      const before = wishesOf(contact);
      const optsIn = channels.filter((channel) => config[channel] === "opt_in");
      // Without a reason nobody could tell later where the consent came from.
      const refused = config.reason === "" ? optsIn : optsIn.filter((channel) => contact.stopped?.includes(channel));
      const consented = optsIn.filter((channel) => !refused.includes(channel));
      const wished = {
        ...Object.fromEntries(consented.map((channel) => [optedOut(channel), false])),
        ...Object.fromEntries(channels.filter((channel) => config[channel] === "opt_out").map((channel) => [optedOut(channel), true])),
        ...(config.doNotContact && { dnc: true }),
      };
      const after = { ...before, ...wished };
      const isNew = consented.length > 0 || Object.entries(before).some(([name, value]) => after[name as keyof typeof after] !== value);
      return {
        patch: isNew ? { ...wished, ...(consented.length > 0 && { consent: config.reason }) } : {},
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

const optedOut = (channel: Channel) => `${channel}_opted_out` as const;

const wishesOf = ({ sms_opted_out, email_opted_out, dnc }: ContactFields) => ({ sms_opted_out, email_opted_out, dnc });
