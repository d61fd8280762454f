import { readTimeZone } from "#contract/time-zones.ts";

/** The zone of this browser, by its canonical name. A browser may call it by an old one, or not know it. */
export const browserZone = () => readTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? "UTC";
