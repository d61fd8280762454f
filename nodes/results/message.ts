import { z } from "zod";
import { messageKinds } from "#contract/message-kinds.ts";
import { messageResult, type ResultFact, refusedCountryResult } from "#contract/node-result.ts";
import { missingFact, textFact, timeFact } from "./facts.ts";

/** The result of a node that sends. The address and the text stand with the message itself, never here. */
export const messageOutput = z
  .strictObject({
    ...messageResult,
    ...refusedCountryResult,
    /** Until when it waits for the hours of the place, and the zones that the place may have. */
    until: z.string(),
    zone: z.string(),
    /** The kind that may leave outside these hours, where it did. */
    outsideHours: z.enum(messageKinds),
  })
  .partial();

export const describeMessageResult = (
  { messageId, fields, country, until, zone, outsideHours }: Partial<z.output<typeof messageOutput>>,
  { isWaiting }: { isWaiting: boolean },
): ResultFact[] => [
  ...timeFact("Planned until", isWaiting ? undefined : until),
  ...textFact("Time zone", zone),
  ...textFact("Outside the sending hours", outsideHours && (outsideHours === "transactional" ? "as a service message" : "as an answer")),
  ...missingFact(fields),
  ...textFact("Country", country && countryName(country)),
  ...(messageId === undefined ? [] : [{ kind: "message", label: "Message", value: messageId } as const]),
];

const countryNames = new Intl.DisplayNames(["en"], { type: "region" });
const countryName = (code: string) => (/^[A-Z]{2}$/.test(code) ? countryNames.of(code) : code);
