import { z } from "zod";
import { ChannelName } from "../messages.ts";
import {
  InboundAddress,
  MailboxState,
  ProviderCheck,
  ProviderInput,
  ProviderState,
  ProviderTest,
  ProviderTestResult,
} from "../providers.ts";
import { defineRoute, member } from "../route.ts";

export const providerRoutes = {
  listProviders: defineRoute({
    method: "GET",
    path: "/api/providers",
    tag: "Providers",
    summary: "How each channel sends",
    auth: member("viewer", "admin"),
    response: z.object({ items: z.array(ProviderState) }),
  }),
  setProvider: defineRoute({
    waitsOutside: true,
    method: "PUT",
    path: "/api/providers/:channel",
    tag: "Providers",
    summary: "Choose a channel's provider",
    auth: member("admin", "admin"),
    description:
      "Settings are stored once the provider was reached and took the sign-in; else the answer is 502 with the reason. With check=no they are stored unchecked.",
    params: z.strictObject({ channel: ChannelName }),
    query: ProviderCheck,
    body: ProviderInput,
    response: ProviderState,
    audit: "provider.set",
  }),
  getInboundAddress: defineRoute({
    method: "GET",
    path: "/api/providers/:channel/inbound",
    tag: "Providers",
    summary: "Where providers of a channel call, and when they last did",
    auth: member("admin", "admin"),
    params: z.strictObject({ channel: ChannelName }),
    response: InboundAddress,
  }),
  getMailbox: defineRoute({
    method: "GET",
    path: "/api/providers/:channel/mailbox",
    tag: "Providers",
    summary: "Whether the mailbox of a channel is read, and when it last was",
    auth: member("admin", "admin"),
    params: z.strictObject({ channel: ChannelName }),
    response: MailboxState,
  }),
  testProvider: defineRoute({
    rate: "send",
    waitsOutside: true,
    method: "POST",
    path: "/api/providers/:channel/test",
    tag: "Providers",
    summary: "Send one test message to an address",
    auth: member("admin", "admin"),
    params: z.strictObject({ channel: ChannelName }),
    body: ProviderTest,
    response: ProviderTestResult,
    audit: "provider.test",
  }),
};
