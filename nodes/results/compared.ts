import { z } from "zod";
import { Comparison, type ResultFact } from "#contract/node-result.ts";

/** What a group of tests compared: no more than had to be, to find out whether the group fits. */
export const comparedResult = { compared: z.array(Comparison) };

export const comparedFact = (compared: readonly Comparison[] | undefined): ResultFact[] =>
  compared === undefined || compared.length === 0 ? [] : [{ kind: "comparisons", label: "Values compared", value: compared }];
