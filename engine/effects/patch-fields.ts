import type { ContactFields, ContactPatch } from "../flow/node-executor.ts";

/** The fields of a contact with a patch applied in memory, for nodes that read them before the row was written and read again. */
export function patchFields(fields: ContactFields, { phone, metadata, consent: _, ...plain }: ContactPatch): ContactFields {
  return {
    ...fields,
    ...plain,
    ...(phone && { phone_number: phone.typed, phone_e164: phone.e164 }),
    ...(metadata && { metadata: patchMetadata(fields.metadata, metadata) }),
  };
}

function patchMetadata(metadata: ContactFields["metadata"], patch: NonNullable<ContactPatch["metadata"]>): ContactFields["metadata"] {
  return Object.fromEntries(
    Object.entries({ ...metadata, ...patch }).filter(([key, value]) => !(Object.hasOwn(patch, key) && value === null)),
  );
}

/** Joins two patches of one contact. Where both set a field, the later one counts. */
export function addPatch(earlier: ContactPatch | undefined, later: ContactPatch): ContactPatch {
  const metadata = earlier?.metadata || later.metadata ? { ...earlier?.metadata, ...later.metadata } : undefined;
  return { ...earlier, ...later, ...(metadata && { metadata }) };
}
