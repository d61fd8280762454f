import { authorization, sendsAccessToken } from "./access-token.ts";
import { toApiError, unreachable } from "./api-error.ts";

/** Saves a file of our server. The browser does it by itself where a cookie says who asks; a token has to be sent along. */
export async function download(url: string, name: string): Promise<void> {
  if (!sendsAccessToken()) {
    window.location.assign(url);
    return;
  }
  const response = await fetch(url, { headers: await authorization(), cache: "no-store" }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw toApiError(response.status, await response.text());
  saveBlob(await response.blob(), name);
}

/** Saves a text as a file. */
export const saveText = (text: string, name: string, type: string): void => saveBlob(new Blob([text], { type }), name);

function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken hold of it by then; at once would be too early.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
