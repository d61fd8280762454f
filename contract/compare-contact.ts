import type { Compared } from "./compare-values.ts";
import type { ContactTexts } from "./contact-fields.ts";
import { contactFields, contactName, fieldOf, isNamed, isTextField } from "./contact-fields.ts";

/** A contact as far as its fields can be compared. */
export interface ComparableContact extends ContactTexts {
  phone_number: string | null;
  phone_e164: string | null;
  sms_opted_out: boolean;
  email_opted_out: boolean;
  dnc: boolean;
  created_at: Date;
  updated_at: Date;
}

/**
 * The value of a field with the rules by which it is compared. It is undefined where the name is no field of a contact, or
 * the field is worked out from other tables, which only the filter in SQL knows.
 */
export function comparedField(contact: ComparableContact, name: string): Compared | undefined {
  const field = fieldOf(name);
  switch (field) {
    case undefined:
      return undefined;
    case "phone":
      return { kind: "phone", typed: contact.phone_number, e164: contact.phone_e164 };
    case "name":
      return { kind: "text", value: contactName(contact) };
    case "created_at":
    case "updated_at":
      return { kind: "date", value: contact[field] };
    case "sms_opted_out":
    case "email_opted_out":
    case "dnc":
      return { kind: "boolean", value: contact[field] };
    default:
      if (isTextField(field) && isNamed(field)) return { kind: "name", value: contact[field] };
      return isTextField(field) ? { kind: contactFields[field].kind, value: contact[field] } : undefined;
  }
}
