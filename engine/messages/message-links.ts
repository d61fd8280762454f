/** Whom a link in a message stands for. */
export interface LinkHolder {
  workspaceId: string;
  contactId: string;
  /** The address to which the message goes. */
  address: string;
}

/** The links that belong to messages. Only this instance can make them. */
export interface MessageLinks {
  /** Where a contact unsubscribes; undefined while this process does not know the public address of the instance. */
  unsubscribeUrl(who: LinkHolder): string | undefined;
  /** What stands for it in a preview. It changes nothing. */
  sampleUrl(): string | undefined;
}
