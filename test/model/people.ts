import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { buildContact } from "../factories.ts";
import type { ContactChange } from "./commands.ts";
import { people } from "./commands.ts";

interface Person {
  id: string;
  sms: string | null;
  email: string | null;
  /** The contact has opted out or is marked do-not-contact. */
  closed: Set<Channel>;
  isGone: boolean;
}

/** The contacts, and for each whether a message may go to it at this moment. */
export class People {
  readonly #db: Db;
  readonly #all: Person[] = [];
  /** Addresses that a provider has called wrong. */
  readonly #wrong = new Set<string>();
  #heardWrong: string[] = [];

  private constructor(db: Db) {
    this.#db = db;
  }

  static async open(db: Db, workspaceId: string): Promise<People> {
    const all = new People(db);
    for (let i = 0; i < people; i += 1) {
      const [sms, email] = [`+1555${1_000_000 + i}`, `p${i}@example.test`];
      const id = await buildContact(db, workspaceId, { phone_e164: sms, email, lead_status: i % 2 === 0 ? "New" : null });
      all.#all.push({ id, sms, email, closed: new Set(), isGone: false });
    }
    return all;
  }

  id(index: number): string {
    return this.#at(index).id;
  }

  markGone(index: number): void {
    this.#at(index).isGone = true;
  }

  hearWrong(to: string): void {
    this.#heardWrong.push(to);
  }

  /** At the end of a turn the engine must know what its providers answered, unless its process died. */
  endTurn(died: boolean): void {
    if (!died) for (const to of this.#heardWrong) this.#wrong.add(to);
    this.#heardWrong = [];
  }

  /** Says why a message to this address would be wrong now; undefined if it would be right. */
  faultOf(channel: Channel, to: string): string | undefined {
    const person = this.#all.find((one) => one[channel] === to);
    if (!person) return "an address that nobody has any more";
    if (person.isGone) return "somebody who was deleted";
    if (person.closed.has(channel)) return "somebody who must not get any";
    return this.#wrong.has(to) ? "an address that a provider has called wrong" : undefined;
  }

  async edit(index: number, change: ContactChange, turn: number): Promise<void> {
    const person = this.#at(index);
    if (person.isGone) return;
    await sql`update contacts set ${this.#change(person, change, turn)}, updated_at = clock_timestamp() where id = ${person.id}`.execute(
      this.#db,
    );
  }

  #change(person: Person, change: ContactChange, turn: number) {
    switch (change) {
      case "opt out of sms":
        person.closed.add("sms");
        return sql`sms_opted_out_at = now()`;
      case "opt out of e-mail":
        person.closed.add("email");
        return sql`email_opted_out_at = now()`;
      case "opt in":
        person.closed.clear();
        return sql`sms_opted_out_at = null, email_opted_out_at = null, dnc = false`;
      case "dnc":
        person.closed.add("sms").add("email");
        return sql`dnc = true`;
      case "other phone":
        person.sms = `+1666${1_000_000 + turn}`;
        return sql`phone_e164 = ${person.sms}, phone_number = ${person.sms}`;
      case "no phone":
        person.sms = null;
        return sql`phone_e164 = null, phone_number = null`;
      case "other e-mail":
        person.email = `turn${turn}@example.test`;
        return sql`email = ${person.email}`;
      case "other status":
        return sql`lead_status = case lead_status when 'New' then 'Customer' else 'New' end`;
    }
  }

  #at(index: number): Person {
    return this.#all[index] as Person;
  }
}
