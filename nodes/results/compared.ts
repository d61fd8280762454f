import { z } from "zod";
import { Comparison, type ResultFact } from "#contract/node-result.ts";

/** The tests that had to be compared to find out whether a group fits. */
export const comparedResult = { compared: z.array(Comparison) };

export const comparedFact = (compared: readonly Comparison[] | undefined): ResultFact[] =>
  compared === undefined || compared.length === 0 ? [] : [{ kind: "comparisons", label: "Values compared", value: compared }];
