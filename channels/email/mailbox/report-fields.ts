/** The fields of a part of a report, by their names in lower case. */
export type ReportFields = ReadonlyMap<string, string>;

/** A report has some hundred bytes. Who wrote it nobody knows, so no more of it is read. */
const longestRead = 64 * 1024;
const mostGroups = 200;

/** The groups of fields of a delivery report or a feedback report, parted by empty lines (RFC 3464, RFC 5965). Of a field that comes twice the first counts. */
export function readFieldGroups(content: string): ReportFields[] {
  const groups: Map<string, string>[] = [];
  let group: Map<string, string> | undefined;
  let last: string | undefined;
  for (const line of content.slice(0, longestRead).split(/\r?\n/)) {
    if (line.trim() === "") {
      group = undefined;
      continue;
    }
    if (/^[ \t]/.test(line)) {
      if (group && last !== undefined) group.set(last, `${group.get(last)} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    if (!group) {
      if (groups.length === mostGroups) break;
      group = new Map();
      groups.push(group);
    }
    last = line.slice(0, colon).trim().toLowerCase();
    if (group.has(last)) last = undefined;
    else group.set(last, line.slice(colon + 1).trim());
  }
  return groups;
}

/** The address of "rfc822; Ana@Salon.example", in lower case; undefined where there is none. */
export function addressOfField(value: string | undefined): string | undefined {
  const text = value
    ?.slice(value.indexOf(";") + 1)
    .trim()
    .replace(/^<(.*)>$/, "$1")
    .toLowerCase();
  return text?.includes("@") ? text : undefined;
}
