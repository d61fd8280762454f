import { isTextField } from "#contract/contact-fields.ts";
import { findCustomField } from "#contract/custom-fields.ts";
import type { ContactFields, ContactPatch } from "#engine/flow/node-executor.ts";
import { customFieldOf, isColumn } from "./definition.ts";

const prefix = "metadata.";

/** A copy of a contact. Changes are applied to it one after the other before any of them is written. */
export class Draft {
  readonly #contact: ContactFields;
  readonly #values = new Map<string, unknown>();
  #phone: ContactPatch["phone"];

  constructor(contact: ContactFields) {
    this.#contact = contact;
  }

  get(named: string): unknown {
    const field = this.#plain(named);
    if (this.#values.has(field)) return this.#values.get(field);
    if (field === "phone") return this.#contact.phone_number ?? this.#contact.phone_e164;
    if (isTextField(field)) return this.#contact[field];
    const key = metadataKey(field);
    return Object.hasOwn(this.#contact.metadata, key) ? this.#contact.metadata[key] : undefined;
  }

  set(named: string, value: unknown): void {
    this.#values.set(this.#plain(named), value);
  }

  setPhone(typed: string | null, e164: string | null): void {
    this.#values.set("phone", typed);
    this.#phone = { typed, e164 };
  }

  touched(): string[] {
    return [...this.#values.keys()];
  }

  /** One name for a custom field, however the flow calls it: two changes of one field see each other. */
  #plain(field: string): string {
    const custom = customFieldOf(field);
    if (!custom) return field;
    const found = custom.isKey ? findCustomField(this.#contact.metadata, custom.name) : undefined;
    return `${prefix}${found ?? custom.name}`;
  }

  patch(): ContactPatch {
    const columns = [...this.#values].filter(([field]) => isColumn(field) && field !== "phone");
    const metadata = [...this.#values].flatMap(([field, value]) => (isColumn(field) ? [] : [[metadataKey(field), value ?? null] as const]));
    return {
      ...(Object.fromEntries(columns) as ContactPatch),
      ...(this.#phone && { phone: this.#phone }),
      ...(metadata.length > 0 && { metadata: Object.fromEntries(metadata) }),
    };
  }
}

/** Tags have no column of their own. They are a list in metadata, where imports and filters find them. */
const metadataKey = (field: string) => (field === "tags" ? "tags" : field.slice(prefix.length));
