import type { ContactFields, ContactPatch } from "../flow/node-executor.ts";

/** The contact as it will be, for whoever looks before the database has said so itself. */
export function patchFields(fields: ContactFields, { phone, metadata, ...plain }: ContactPatch): ContactFields {
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

/** Two patches of one contact as one; what the later one says counts. */
export function addPatch(earlier: ContactPatch | undefined, later: ContactPatch): ContactPatch {
  const metadata = earlier?.metadata || later.metadata ? { ...earlier?.metadata, ...later.metadata } : undefined;
  return { ...earlier, ...later, ...(metadata && { metadata }) };
}
