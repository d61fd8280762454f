import type { Provider } from "#channels/channel.ts";
import { staysHere } from "#channels/stays-here.ts";
import { isSendableEmail, withPlainDomain } from "#contract/email-address.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { consumeAttempt } from "#db/queries/rate-limits.ts";
import type { Engine } from "#engine/engine.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { invalid, tooManyRequests } from "../http/errors.ts";
import { sendTestMessage } from "./send-test-message.ts";
import { sendablePhone } from "./sendable-phone.ts";

interface TestProvider {
  ownerDb: Db;
  providers: ProviderDirectory;
  engine: Pick<Engine, "judgeAddress">;
  workspace: { id: string; name: string; country: string; smsCountries: readonly string[] };
  channel: Channel;
  to: string;
  /** A provider of settings that are not stored; without it, the one in use. */
  typed?: Provider | undefined;
}

/**
 * Sends one real message through the channel's provider as it is set up now, and records it like any other.
 * @throws ApiError `too_many_requests`; `invalid_request` for an address that cannot be used or whose owner has refused messages, `provider_refused` or `provider_unavailable`
 * with the provider's own words when the message was not sent.
 */
export async function testProvider(given: TestProvider): Promise<{ messageId: string; message: string }> {
  const { ownerDb, providers, workspace, channel } = given;
  const { toAddress, subject } = testMessages[channel];
  const to = toAddress(given.to, workspace);
  const refusal = await given.engine.judgeAddress({ workspaceId: workspace.id, channel, to });
  if (refusal) throw invalid([{ path: "to", message: whyNot(refusal) }]);
  const provider = given.typed ?? (await providers.providerFor(workspace.id, channel, { lookNow: true }));
  if (!staysHere(provider.name)) await countTest(ownerDb, workspace.id);
  const body = `This is a test message from ${workspace.name}. If you can read it, sending works.`;
  const messageId = await sendTestMessage(ownerDb, provider, { workspaceId: workspace.id, channel, to, subject, text: body });
  const where = staysHere(provider.name) ? "It stayed on this machine: see Sent messages." : `Sent to ${to}.`;
  return { messageId, message: where };
}

/** They count towards no limit of the workspace, so they have one of their own: each costs money, and may go to anybody. */
async function countTest(ownerDb: Db, workspaceId: string): Promise<void> {
  const { allowed, retryAfter } = await consumeAttempt(ownerDb, { key: `test messages ${workspaceId}`, window: 3_600, max: mostTests });
  if (allowed) return;
  throw tooManyRequests(
    retryAfter,
    `${mostTests} test messages have left, with less than an hour between them. The next can go in ${Math.ceil(retryAfter / 60)} minutes.`,
  );
}
const mostTests = 60;

/** A test message is a message: whoever has refused them gets none. */
const whyNot = (refusal: Reason) =>
  refusal === "bounced_before"
    ? "An earlier message to this address bounced, so nothing is sent to it. Settings, Suppression list, names it"
    : refusal === "dnc"
      ? "This address is marked do-not-contact, so nothing is sent to it, not even a test"
      : refusal === "sandbox"
        ? "The workspace is in sandbox mode and writes to a few addresses only, of which this is none. See Settings, Channels"
        : "The person behind this address has refused messages, so nothing is sent to it, not even a test";

interface TestMessageOfChannel {
  /** @throws ApiError `invalid_request` */
  toAddress(typed: string, workspace: TestProvider["workspace"]): string;
  subject: string | null;
}

const testMessages: Record<Channel, TestMessageOfChannel> = {
  sms: {
    toAddress: (typed, workspace) => sendablePhone(typed, workspace, "to"),
    subject: null,
  },
  email: {
    toAddress: (typed) => {
      const address = withPlainDomain(typed);
      if (isSendableEmail(address)) return address;
      throw invalid([{ path: "to", message: "One e-mail address is needed, such as you@example.com" }]);
    },
    subject: "Test message from Sluice",
  },
};
