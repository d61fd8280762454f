import type { Channel } from "#contract/messages.ts";

/** Which contact of a send has each address: the one whose message is planned first. */
export class AddressBook {
  readonly #holders = new Map<string, string>();
  readonly #among: ReadonlySet<string> | undefined;

  /** `among`: the contacts who share an address with another. Nobody else is written down. */
  constructor(among?: ReadonlySet<string>) {
    this.#among = among;
  }

  /** Returns whether the address is this contact's. */
  take(channel: Channel, address: string, contactId: string): boolean {
    if (this.#among && !this.#among.has(contactId)) return true;
    const key = `${channel} ${address.toLowerCase()}`;
    const holder = this.#holders.get(key);
    if (holder === undefined) this.#holders.set(key, contactId);
    return holder === undefined || holder === contactId;
  }
}
