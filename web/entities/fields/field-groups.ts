import type { CatalogueField } from "#contract/fields.ts";

/** What the groups are called in which fields are offered. */
export const fieldGroups: Record<CatalogueField["group"], string> = {
  contact: "Contact",
  custom: "Custom fields",
  trigger: "This send",
  workspace: "Workspace",
};
export const ofSteps = "Variables and earlier steps";
