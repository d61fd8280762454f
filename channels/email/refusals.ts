import type { SendResult } from "../channel.ts";

type Rejected = Extract<SendResult, { outcome: "rejected" }>;

/** Refusals that several mail providers tell in different words. `name` is the provider's, and the sentence says who must do what. */
export const mailRefusals = (name: string) => {
  const everyMessage = (reason: Rejected["reason"], message: string): Rejected => ({
    outcome: "rejected",
    reason,
    message,
    retryable: true,
    // Every message would meet the same, so none of them loses a try by it.
    costsTry: false,
    pausesChannel: true,
  });
  return {
    credentials: (said: string) =>
      everyMessage("credentials_refused", `${name} refuses the API key. An owner must check it in Settings, Channels. ${said}`.trim()),
    sender: (said: string) =>
      everyMessage(
        "sender_refused",
        `${name} refuses the sender. An owner must verify its domain at ${name}, or correct it in Settings, Channels. ${said}`.trim(),
      ),
    account: (said: string) => everyMessage("account_suspended", `${name} sends no more for this account. ${said}`.trim()),
    slowDown: (message: string, retryAfterMs: number): Rejected => ({
      outcome: "rejected",
      reason: "provider_unavailable",
      message,
      retryable: true,
      costsTry: false,
      retryAfterMs,
    }),
    message: (said: string): Rejected => ({
      outcome: "rejected",
      reason: "provider_rejected",
      message: said === "" ? `${name} refuses the message and gives no reason` : said,
      retryable: false,
    }),
    unreachable: (said: string): Rejected => ({
      outcome: "rejected",
      reason: "provider_unavailable",
      message: `${name} cannot be reached: ${said}`,
      retryable: true,
    }),
  };
};
