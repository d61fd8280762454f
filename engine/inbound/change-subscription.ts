import type { Channel } from "#contract/messages.ts";
import type { EngineContext } from "../engine-context.ts";
import { lookAtAnew } from "./address-in-use-rows.ts";
import {
  closeAddress,
  isKnownAddress,
  lockHolder,
  mayChooseAgain,
  openAddress,
  recordChoice,
  type SubscriptionChange,
} from "./subscription-rows.ts";
import { untilQuiet } from "./until-quiet.ts";

/**
 * Does what a person asked for behind the link of an e-mail. When this resolves, no e-mail leaves to the address any more, also of sends
 * under way. Asking again changes nothing.
 */
export async function changeSubscription(context: EngineContext, { who, email, sms, shown }: SubscriptionChange): Promise<void> {
  const { workspaceId, contactId, address } = who;
  const closed = await context.db.transaction().execute(async (tx) => {
    const holder = await lockHolder(tx, who);
    const closing: { channel: Channel; address: string }[] = [];
    const note = async (channel: Channel, state: "opted_out" | "opted_in") => {
      if (holder) await recordChoice(tx, { workspaceId, contactId, channel, state, shown });
    };
    if (email === "stop" && (holder || (await isKnownAddress(tx, who)))) {
      await lookAtAnew(tx, workspaceId, "email", [address]);
      await closeAddress(tx, { workspaceId, channel: "email", address, reason: "unsubscribe" });
      await note("email", "opted_out");
      closing.push({ channel: "email", address });
    }
    if (email === "start" && (await mayChooseAgain(tx, who)) && (await openAddress(tx, who))) await note("email", "opted_in");
    if (sms === "stop" && holder?.phone) {
      await lookAtAnew(tx, workspaceId, "sms", [holder.phone]);
      await closeAddress(tx, { workspaceId, channel: "sms", address: holder.phone, reason: "stop" });
      await note("sms", "opted_out");
      closing.push({ channel: "sms", address: holder.phone });
    }
    return closing;
  });
  for (const { channel, address: one } of closed) await untilQuiet(context, { workspaceId, channel, addresses: [one] });
}
