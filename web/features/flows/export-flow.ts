import { api } from "#web/lib/api.ts";
import { saveText } from "#web/lib/download.ts";

/** Saves a flow as a file: its draft, or what is live where there is none. */
export async function exportFlow({ id, name }: { id: string; name: string }): Promise<void> {
  const file = await api("exportFlow", { params: { id } });
  saveText(`${JSON.stringify(file, null, 2)}\n`, `${fileName(name)}.flow.json`, "application/json");
}

/** Signs that some file systems refuse become hyphens. */
const fileName = (name: string): string =>
  name
    .replace(/[\p{Cc}/\\:*?"<>|]+/gu, "-")
    .replace(/^[.\s-]+|[.\s-]+$/g, "")
    .slice(0, 80) || "flow";
