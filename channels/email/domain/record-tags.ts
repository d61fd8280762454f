/** The value of a tag of a DKIM or DMARC record ("v=DMARC1; p=none"); undefined where it does not stand there. */
export function tagOf(record: string, tag: string): string | undefined {
  const found = record.split(";").find((part) => part.slice(0, part.indexOf("=")).trim().toLowerCase() === tag);
  return found?.slice(found.indexOf("=") + 1).trim();
}
