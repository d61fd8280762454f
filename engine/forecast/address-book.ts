import type { Channel } from "#contract/messages.ts";

/** Which contact of a send has each address: the one whose message is planned first. */
export class AddressBook {
  readonly #holders = new Map<string, string>();

  /** Returns whether the address is this contact's. */
  take(channel: Channel, address: string, contactId: string): boolean {
    const key = `${channel} ${address.toLowerCase()}`;
    const holder = this.#holders.get(key);
    if (holder === undefined) this.#holders.set(key, contactId);
    return holder === undefined || holder === contactId;
  }
}
