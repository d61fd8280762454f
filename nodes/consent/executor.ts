import type { ContactFields, NodeExecutor } from "#engine/flow/node-executor.ts";
import { change } from "#engine/flow/node-executor.ts";
import type { consent } from "./definition.ts";

/**
 * Writes the wishes of the contact. An address on the suppression list stays closed whatever is recorded here, and so
 * does a contact that must not be contacted.
 */
export const executeConsent: NodeExecutor<typeof consent> = ({ config }) =>
  change(
    ({ contact }) => {
      const before = wishesOf(contact);
      const wished = {
        ...(config.sms && { sms_opted_out: config.sms === "opt_out" }),
        ...(config.email && { email_opted_out: config.email === "opt_out" }),
        ...(config.doNotContact && { dnc: true }),
      };
      const after = { ...before, ...wished };
      const isNew = Object.entries(before).some(([name, value]) => after[name as keyof typeof after] !== value);
      return {
        patch: isNew ? wished : {},
        exit: "done",
        output: { before, after, ...(config.reason !== "" && { reason: config.reason }) },
      };
    },
    { onError: "stop" },
  );

const wishesOf = ({ sms_opted_out, email_opted_out, dnc }: ContactFields) => ({ sms_opted_out, email_opted_out, dnc });
