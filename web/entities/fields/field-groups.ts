import type { CatalogueField } from "#contract/fields.ts";

/** What the groups are called in which fields are offered. */
export const fieldGroups: Record<CatalogueField["group"], string> = {
  contact: "Contact",
  custom: "Custom fields",
  trigger: "This send",
  workspace: "Workspace",
};
/** What the flow asks for when it is sent. */
export const ofLaunch = "Asked when it is sent";
export const ofSteps = "Variables and earlier steps";
