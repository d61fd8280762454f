/** The header in which our id of a message goes along: some servers replace the Message-ID by one of their own. */
export const ownIdHeader = "X-Sluice-Message";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const wholeUuid = new RegExp(`^${uuid}$`);
const inMessageId = new RegExp(`<(${uuid})@[^<>@\\s]+>`, "g");

/** A header that lists ids has some hundred characters. */
const longestRead = 20_000;

/** Our ids in a header that names messages, such as References, in their order. Whether they are ours nobody has looked yet. */
export const idsIn = (header: string | undefined): string[] =>
  [...(header ?? "").slice(0, longestRead).toLowerCase().matchAll(inMessageId)].map(([, id]) => id as string);

/** Our id of a message by its own headers. */
export function ownIdOf({ own, messageId }: { own: string | undefined; messageId: string | undefined }): string | null {
  const named = own?.trim().toLowerCase();
  if (named !== undefined && wholeUuid.test(named)) return named;
  return idsIn(messageId)[0] ?? null;
}
