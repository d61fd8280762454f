export type Details = Record<string, unknown>;

/** Names of details that are not simply their words: "timeZone" is “Time zone” by itself. */
const labels: Record<string, string> = {
  undoSeconds: "Seconds to undo a send",
  emailInDoubt: "E-mail whose outcome is unknown",
  smsInDoubt: "SMS whose outcome is unknown",
  smsCountries: "Countries that get SMS",
  hasSecret: "Has a password or key",
  hosts: "Hosts that may receive it",
  scopes: "May",
  lanes: "Parallel batches at once",
  channels: "Messages a minute",
  messages: "Messages allowed",
  perContactDay: "for a contact and day",
  perHour: "within an hour",
  perDay: "within a day",
  perMinute: "a minute",
  finishing: "Being ended",
  inFlight: "Messages under way",
  captured: "Test only, not sent",
  was: "It was on the list because",
  membersMayCreateWorkspaces: "Members may create workspaces",
  rowsRead: "Rows read",
  retried: "Tried again",
  waitsUntil: "Waits until",
  byEmail: "By e-mail",
  clicks: "Clicks are noted",
  opens: "Opens are noted",
  shortDomain: "Domain of short links",
};

/** A name in code as a label: "numbersReadAgain" is “Numbers read again”. */
export function labelOf(key: string): string {
  const known = labels[key];
  if (known !== undefined) return known;
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A value in words, whatever it is. Codes such as "bounced_before" lose their underscores. */
export function tellValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString("en");
  if (typeof value === "string") return /^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll("_", " ") : value;
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(tellValue).join(", ");
  return Object.entries(value as Details)
    .map(([key, inner]) => `${labelOf(key).toLowerCase()} ${tellValue(inner)}`)
    .join(", ");
}
