import type { Channel } from "#contract/messages.ts";
import type { EngineContext } from "../engine-context.ts";
import { lookAtAnew } from "./address-in-use-rows.ts";
import {
  closeAddress,
  isKnownAddress,
  keepRefusal,
  lockHolder,
  mayChooseAgain,
  openAddress,
  openContact,
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
    const note = async (channel: Channel, state: "opted_out" | "opted_in", forAddress = address) => {
      if (holder) await recordChoice(tx, { workspaceId, contactId, channel, state, address: forAddress, shown });
    };
    // The person behind the link may have another address by now, and it is the person who refuses.
    const addresses = holder?.email && holder.email !== address ? [address, holder.email] : [address];
    if (email === "stop" && (holder || (await isKnownAddress(tx, who)))) {
      await lookAtAnew(tx, workspaceId, "email", addresses);
      for (const one of addresses) {
        await closeAddress(tx, { workspaceId, channel: "email", address: one, reason: "unsubscribe" });
        closing.push({ channel: "email", address: one });
      }
      await note("email", "opted_out");
    } else if (email === "stop") await keepRefusal(tx, who);
    if (email === "start" && (await mayChooseAgain(tx, who))) {
      let hasOpened = holder?.emailRefusedAs === "unsubscribe";
      for (const one of addresses) hasOpened = (await openAddress(tx, { workspaceId, address: one })) || hasOpened;
      if (hasOpened) await note("email", "opted_in");
      await openContact(tx, who);
    }
    if (sms === "stop" && holder?.phone) {
      await lookAtAnew(tx, workspaceId, "sms", [holder.phone]);
      await closeAddress(tx, { workspaceId, channel: "sms", address: holder.phone, reason: "stop" });
      await note("sms", "opted_out", holder.phone);
      closing.push({ channel: "sms", address: holder.phone });
    }
    return closing;
  });
  for (const { channel, address: one } of closed) await untilQuiet(context, { workspaceId, channel, addresses: [one] });
}
