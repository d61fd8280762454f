import type { DecideContext, Decided, NodeExecutor } from "#engine/flow/node-executor.ts";
import { change } from "#engine/flow/node-executor.ts";
import { toRecord } from "../values/typed-value.ts";
import { applyChange } from "./apply-change.ts";
import type { updateContact } from "./definition.ts";
import { Draft } from "./draft.ts";

/** The changes are decided while the contact is locked. Where one of them fails, none is written. */
export const executeUpdateContact: NodeExecutor<typeof updateContact> = ({ config }) =>
  change((context) => decide(config.changes, context), { onError: config.onError });

type Changes = Parameters<typeof executeUpdateContact>[0]["config"]["changes"];

function decide(changes: Changes, context: Pick<DecideContext, "contact" | "fill" | "readPhone" | "spellStatus">): Decided {
  const draft = new Draft(context.contact);
  for (const [index, each] of changes.entries()) {
    const failure = applyChange(draft, each, context);
    if (failure) return { ...failure, output: { change: index + 1, field: each.field } };
  }
  const before = new Draft(context.contact);
  const changed = draft.touched().map((field) => [field, { before: toRecord(before.get(field)), after: toRecord(draft.get(field)) }]);
  return { patch: draft.patch(), exit: "done", output: { changes: Object.fromEntries(changed) } };
}
