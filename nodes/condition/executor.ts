import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { next } from "#engine/flow/node-executor.ts";
import type { condition } from "./definition.ts";
import { otherwise } from "./definition.ts";
import { tryTests } from "./try-tests.ts";

/** Takes the first branch that fits. The result keeps the values compared, so that the history can say why. */
export const executeCondition: NodeExecutor<typeof condition> = (context) => {
  const compared: unknown[] = [];
  for (const branch of context.config.branches) {
    const tried = tryTests(branch, context);
    compared.push(...tried.compared.map((each) => ({ branch: branch.id, ...each })));
    if (tried.fits) return next(branch.id, { branch: branch.id, label: branch.label || branch.id, compared });
  }
  return next(otherwise, { branch: otherwise, compared });
};
