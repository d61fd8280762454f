import { z } from "zod";
import { messageResult, type ResultFact, refusedCountryResult } from "#contract/node-result.ts";
import { missingFact, textFact } from "./facts.ts";

/** The result of a node that sends. The address and the text stand with the message itself, never here. */
export const messageOutput = z.strictObject({ ...messageResult, ...refusedCountryResult }).partial();

export const describeMessageResult = ({ messageId, fields, country }: Partial<z.output<typeof messageOutput>>): ResultFact[] => [
  ...missingFact(fields),
  ...textFact("Country", country && countryName(country)),
  ...(messageId === undefined ? [] : [{ kind: "message", label: "Message", value: messageId } as const]),
];

const countryNames = new Intl.DisplayNames(["en"], { type: "region" });
const countryName = (code: string) => (/^[A-Z]{2}$/.test(code) ? countryNames.of(code) : code);
