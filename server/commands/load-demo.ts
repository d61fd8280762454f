import type { Db } from "#db/client.ts";
import { createDemoWorkspace, findDemoWorkspace, insertDemoContacts, insertDemoFlows } from "#db/queries/demo.ts";
import { demoContacts } from "../demo/contacts.ts";
import { demoFlows } from "../demo/flows.ts";
import { numberedCountries } from "../demo/phone-numbers.ts";

export const demoContactCount = 10_000;
/** A busy machine needs seconds for so many, and a statement has a time limit. */
const contactsAtOnce = 2_000;

/**
 * Creates the whole demo workspace or nothing, owned by a person who has an account. A person who has one already gets
 * that one, so that two clicks on the button do not make two.
 */
export async function loadDemo({ ownerDb, userId }: { ownerDb: Db; userId: string }): Promise<{ workspaceId: string }> {
  return ownerDb.transaction().execute(async (tx) => {
    const existing = await findDemoWorkspace(tx, { userId });
    if (existing !== undefined) return { workspaceId: existing };
    const workspaceId = await createDemoWorkspace(tx, { userId, smsCountries: numberedCountries });
    await insertDemoFlows(tx, { workspaceId, folder: "Getting started", flows: demoFlows });
    const contacts = demoContacts(demoContactCount);
    for (let from = 0; from < contacts.length; from += contactsAtOnce)
      await insertDemoContacts(tx, { workspaceId, contacts: contacts.slice(from, from + contactsAtOnce) });
    return { workspaceId };
  });
}
