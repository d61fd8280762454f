import { createContext } from "react";
import type { BuilderActions } from "../actions.ts";

/** Puts branches out of sight and back. It changes nothing of the flow, so those who may only read have it too. */
export type Folding = Pick<BuilderActions, "fold" | "unfold" | "foldStep">;

/** Undefined in a drawing that always shows everything. */
export const FoldingContext = createContext<Folding | undefined>(undefined);
