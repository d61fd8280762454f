import type { Contact } from "#contract/contacts.ts";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { saveText } from "#web/lib/download.ts";

/** Saves everything that is kept about a contact, for a person who asks for their data. */
export async function saveEverything({ id, displayName }: Pick<Contact, "id" | "displayName">): Promise<void> {
  try {
    const everything = await api("exportContact", { params: { id } });
    saveText(`${JSON.stringify(everything, null, 2)}\n`, `contact-${id}.json`, "application/json");
    const description =
      everything.cut.length > 0 ? "It holds the first 5,000 entries of each kind." : "The audit log says that you exported it.";
    toast({ title: `Everything about ${displayName} was saved`, description, status: "success" });
  } catch (error) {
    toast({ title: "Nothing was exported", description: (error as Error).message, status: "error" });
  }
}
