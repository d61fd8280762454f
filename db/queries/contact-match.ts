import type { ApartReason } from "#contract/imports.ts";
import { areOtherFirstNames, areOtherNames, type NameWords } from "./person-names.ts";

/**
 * The identifiers by which an imported row is matched to a contact. `contactId` is our own id. `source` and `sourceId` are the other system and the id there.
 * `email` is in lower case, and null where no message can be sent to it.
 */
export interface Identity {
  contactId: string | null;
  source: string | null;
  sourceId: string | null;
  phone: string | null;
  email: string | null;
  name: NameWords;
  /** A record of the same file gave our own id of this contact, so a record with another id is somebody else. */
  named?: boolean;
  /** The contact lies in the bin. */
  binned?: boolean;
}

/** The contacts that are known so far, found by each identifier. The first of a list is the oldest. */
export class KnownPeople<Person extends Identity> {
  readonly #byId = new Map<string, Person>();
  readonly #bySource = new Map<string, Person>();
  readonly #byPhone = new Map<string, Set<Person>>();
  readonly #byEmail = new Map<string, Set<Person>>();
  #hasBinned = false;

  /** Called again after a change of the person, so that they are found by the new values too. */
  add(person: Person): void {
    this.#hasBinned ||= person.binned ?? false;
    if (person.contactId) this.#byId.set(person.contactId, person);
    if (person.sourceId) this.#bySource.set(sourceKey(person), person);
    if (person.phone) setOf(this.#byPhone, person.phone).add(person);
    if (person.email) setOf(this.#byEmail, person.email).add(person);
  }

  /**
   * Finds the person whom a record means. An id decides alone. Otherwise it is the person with the number, else the one
   * with the address: of several the one with the same address, else the oldest. A person in the bin is meant only where
   * nobody else is. A person whom the record contradicts is somebody else, and `apart` says whom it was kept apart from and
   * why.
   */
  find(record: Identity): { person?: Person; apart?: { from: Person; reason: ApartReason } } {
    const certain = (record.contactId && this.#byId.get(record.contactId)) || (record.sourceId && this.#bySource.get(sourceKey(record)));
    if (certain) return { person: certain };
    let apart: { from: Person; reason: ApartReason } | undefined;
    for (const inBin of this.#hasBinned ? [false, true] : [false]) {
      for (const candidate of this.#candidates(record)) {
        if ((candidate.binned ?? false) !== inBin) continue;
        const reason = contradiction(record, candidate);
        if (reason === null) return { person: candidate };
        if (!inBin) apart ??= { from: candidate, reason };
      }
    }
    return { apart };
  }

  /** Whether the record's id in another system belongs to somebody already. */
  isTaken({ source, sourceId }: Pick<Identity, "source" | "sourceId">): boolean {
    return sourceId !== null && this.#bySource.has(sourceKey({ source, sourceId }));
  }

  *#candidates({ phone, email }: Identity): Generator<Person> {
    const byPhone = [...(phone === null ? [] : (this.#byPhone.get(phone) ?? []))].filter((person) => person.phone === phone);
    yield* byPhone.filter((person) => email !== null && person.email === email);
    yield* byPhone.filter((person) => email === null || person.email !== email);
    if (email === null) return;
    for (const person of this.#byEmail.get(email) ?? [])
      if (person.email === email && (phone === null || person.phone !== phone)) yield person;
  }
}

/** Why a record that shares the number or the address of a contact is somebody else; null when nothing says so. */
export function contradiction(record: Identity, contact: Identity): ApartReason | null {
  const differ = (a: string | null, b: string | null) => a !== null && b !== null && a !== b;
  if (record.contactId !== null && contact.named) return "other_id";
  if (record.source === contact.source && differ(record.sourceId, contact.sourceId)) return "other_id";
  if (differ(record.email, contact.email)) return "other_email";
  if (differ(record.phone, contact.phone)) return "other_phone";
  const sameEmail = record.email !== null && record.email === contact.email;
  return (sameEmail ? areOtherFirstNames : areOtherNames)(record.name, contact.name) ? "other_name" : null;
}

const sourceKey = ({ source, sourceId }: Pick<Identity, "source" | "sourceId">): string => `${source ?? ""}\n${sourceId}`;

function setOf<Key, Value>(map: Map<Key, Set<Value>>, key: Key): Set<Value> {
  const found = map.get(key);
  if (found) return found;
  const made = new Set<Value>();
  map.set(key, made);
  return made;
}
