import type { NodeContext, NodeExecutor } from "#engine/executor.ts";
import { next } from "#engine/executor.ts";
import { toRecord } from "../typed-value.ts";
import type { ConditionTest, condition } from "./definition.ts";
import { otherwise } from "./definition.ts";
import { holds } from "./holds.ts";

/** Takes the first branch that fits and keeps what was compared, so that the history can say why. */
export const executeCondition: NodeExecutor<typeof condition> = ({ config, read }) => {
  const compared: unknown[] = [];
  for (const branch of config.branches) {
    let fits = branch.match === "all";
    for (const test of branch.tests) {
      const result = tryTest(test, read);
      compared.push({ branch: branch.id, ...result });
      if (result.held !== fits) {
        fits = result.held;
        break;
      }
    }
    if (fits) return next(branch.id, { branch: branch.id, label: branch.label || branch.id, compared });
  }
  return next(otherwise, { branch: otherwise, compared });
};

function tryTest(test: ConditionTest, read: NodeContext["read"]) {
  const actual = read(test.field);
  const held = holds(test, actual);
  return { field: test.field, operator: test.operator, wanted: test.value ?? null, found: toRecord(actual), held };
}
