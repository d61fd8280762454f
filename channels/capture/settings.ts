import { z } from "zod";
import { defineProvider } from "../provider-definition.ts";
import { namesThatStay } from "../stays-here.ts";

/** Keeps every message on this machine, where the inbox shows it. Every channel has it and begins with it. */
export const capture = defineProvider({
  label: "Test mode",
  description: "Nothing leaves this machine.",
  staysHere: true,
  way: "test mode",
  previousNames: namesThatStay.slice(1),
  settings: z.strictObject({}),
  secrets: z.strictObject({}),
});
