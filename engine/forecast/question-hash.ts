import { createHash } from "node:crypto";
import { plainNarrowing } from "#contract/who-not.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { launchHash } from "../flow/freeze-launch.ts";
import type { CreateSendInput } from "../send-api.ts";

/** Identifies what decides whom a send begins with and when, so that a forecast and a send of the same are known to be. */
export function questionHash({
  flowId,
  selection,
  triggerData,
  values,
  contactValues,
  start,
  drip,
  notLaterThan,
  oncePerAddress = true,
  exclude,
  condition,
}: Pick<
  CreateSendInput,
  | "flowId"
  | "selection"
  | "triggerData"
  | "values"
  | "contactValues"
  | "start"
  | "drip"
  | "notLaterThan"
  | "oncePerAddress"
  | "exclude"
  | "condition"
>): string {
  const sorted = (ids: readonly string[]) => [...new Set(ids.map((id) => id.toLowerCase()))].sort();
  const whom =
    selection.type === "ids" ? { ...selection, ids: sorted(selection.ids) } : { ...selection, excluded: sorted(selection.excluded) };
  return createHash("sha256")
    .update(
      canonicalJson({
        flowId: flowId.toLowerCase(),
        whom,
        triggerData,
        launch: launchHash({ values, contactValues }),
        start,
        drip,
        notLaterThan,
        oncePerAddress,
        ...plainNarrowing({ exclude, condition }),
      }) ?? "",
    )
    .digest("hex");
}
