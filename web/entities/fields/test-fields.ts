import { type ContactField, contactFields } from "#contract/contact-fields.ts";
import type { FieldCatalogue } from "#contract/fields.ts";
import type { TestField } from "#nodes/node-panel.tsx";
import type { MergeFieldOption } from "#ui/merge-fields/merge-fields.ts";
import { fieldGroups, ofLaunch, ofSteps } from "./field-groups.ts";

const consent = "Consent";
const consentFields: ReadonlySet<string> = new Set(["sms_opted_out", "email_opted_out", "dnc"]);
const order = [fieldGroups.contact, consent, fieldGroups.custom, ofLaunch, fieldGroups.trigger, ofSteps];

/** What every contact has is known before the catalogue is there, so nobody who types at once finds an empty list. */
const ownFields = (Object.keys(contactFields) as ContactField[])
  .filter((field) => !("computed" in contactFields[field]))
  .map((path) => ({
    path,
    label: contactFields[path].label,
    group: "contact" as const,
    kind: contactFields[path].kind,
    choices: undefined,
  }));

/** Everything that a test of a step may look at, in the groups in which texts offer their fields, and consent beside them. */
export function testFields(catalogue: FieldCatalogue | undefined, options: readonly MergeFieldOption[]): TestField[] {
  const ofContacts = (catalogue?.items ?? ownFields)
    .filter(({ group }) => group !== "workspace")
    .map(({ path, label, group, kind, choices }): TestField => {
      const named = group === "contact" && consentFields.has(path) ? consent : fieldGroups[group];
      return { path, label, group: named, kind, ...(choices && { choices }) };
    });
  const ofNodes = options
    .filter(({ group }) => group === ofSteps || group === ofLaunch)
    .map(({ path, label, group, kind }): TestField => ({ path, label, group, kind }));
  const all = [...ofContacts, ...ofNodes];
  return order.flatMap((group) => all.filter((field) => field.group === group));
}
