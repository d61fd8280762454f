import type { Launch } from "#contract/launch-values.ts";

/** What is given for one of the contacts: the values for all, and the contact's own. */
export const launchOfContact = ({ values, contactValues, seenInputs }: Launch, contactId: string): Launch => {
  const own = contactValues?.filter((row) => row.contactId === contactId) ?? [];
  return { ...(values && { values }), ...(own.length > 0 && { contactValues: own }), ...(seenInputs && { seenInputs }) };
};
