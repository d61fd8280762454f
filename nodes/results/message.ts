import { z } from "zod";
import { messageResult, type ResultFact } from "#contract/node-result.ts";
import { missingFact } from "./facts.ts";

/** The result of a node that sends. The address and the text stand with the message itself, never here. */
export const messageOutput = z.strictObject(messageResult).partial();

export const describeMessageResult = ({ messageId, fields }: Partial<z.output<typeof messageOutput>>): ResultFact[] => [
  ...missingFact(fields),
  ...(messageId === undefined ? [] : [{ kind: "message", label: "Message", value: messageId } as const]),
];
