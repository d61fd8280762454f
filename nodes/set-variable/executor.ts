import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { NonRetriableError, setVariables } from "#engine/flow/node-executor.ts";
import { fillProblem, toRecord, toTyped } from "../values/typed-value.ts";
import type { setVariable } from "./definition.ts";

export const executeSetVariable: NodeExecutor<typeof setVariable> = ({ config, fill }) => {
  const { name, as } = config;
  const { text, missing, problem } = fill(config.value);
  if (problem) throw new NonRetriableError(`The variable "${name}" cannot be set: ${fillProblem(problem)}`, "bad_value");
  // A value of an earlier round must not take the place of one that is missing now.
  if (missing) return setVariables({ [name]: null }, { name, value: null, missing });
  const value = text.trim() === "" ? null : toTyped(text, as);
  if (value === undefined)
    throw new NonRetriableError(`The variable "${name}" cannot be set: "${toRecord(text)}" is no ${as}.`, "bad_value");
  return setVariables({ [name]: value }, { name, value: toRecord(value) });
};
