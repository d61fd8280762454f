import { phoneCountry } from "#channels/sms/phone.ts";
import { isFullNumber } from "#contract/full-number.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { readSmsCountries } from "#db/queries/sms-countries.ts";
import { judgeAddress } from "./judge-address-rows.ts";

/**
 * The gate (gate.ts) for the answer to HELP: stages 2 to 4. Who writes HELP asks for this one message now, so it reaches them in spite
 * of their own STOP, at any hour, and beside the limits of a contact; it has a limit of its own. Do-not-contact, a number that does not
 * exist and the sandbox hold. The number may be nobody's: carriers try HELP from phones that are no contact.
 */
export async function judgeHelpAnswer(db: Db, { workspaceId, to }: { workspaceId: string; to: string }): Promise<Reason | null> {
  const refusal = await judgeAddress(db, { workspaceId, channel: "sms", to, isHelp: true });
  if (refusal !== null && refusal !== "sandbox") return refusal;
  if (!isFullNumber(to)) return "bad_phone";
  const country = phoneCountry(to);
  if (country === null || !(await readSmsCountries(db, workspaceId)).has(country)) return "country_not_allowed";
  return refusal;
}
