import type { Channel } from "#contract/messages.ts";

/** Whom a link in a message stands for. */
export interface LinkHolder {
  workspaceId: string;
  contactId: string;
  /** The address to which the message goes. */
  address: string;
}

/** To which message a tracked link belongs. It is the same at each try of the message. */
export interface TrackedMessage {
  workspaceId: string;
  executionId: string;
  visit: number;
  channel: Channel;
}

/** What the links of one message become where clicks and opens are noted. Each answer is the same at each try. */
export interface TrackedLinks {
  /** Leads to the target by way of this instance; undefined while this process does not know its public address. */
  clickUrl(target: string): string | undefined;
  /** A picture that tells when it is loaded. */
  openUrl(): string | undefined;
  /** What stands for the target behind a domain of short links. */
  shortCode(target: string): string;
  /** Whether an address leads to this instance: to unsubscribe, or to sign in. */
  isOurs(url: URL): boolean;
}

/** The links that belong to messages. Only this instance can make them. */
export interface MessageLinks {
  /** Where a contact unsubscribes; undefined while this process does not know the public address of the instance. */
  unsubscribeUrl(who: LinkHolder): string | undefined;
  /** What stands for it in a preview. It changes nothing. */
  sampleUrl(): string | undefined;
  /** Tracked links of a message. Those of a preview are as long, and are not counted. */
  tracked(message: TrackedMessage | "sample"): TrackedLinks;
}
