import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";

/** Whether a step goes by the contact's clocks or the workspace's. */
export function ZoneField({ value, set, facts }: Pick<NodePanelProps, "value" | "set" | "facts">) {
  return (
    <Place at={["zone"]}>
      <SegmentedField
        label="By whose clock"
        value={value.zone === "workspace" ? "workspace" : "contact"}
        onChange={(zone) => set(["zone"], zone)}
        options={[
          { value: "contact", label: "The contact’s" },
          { value: "workspace", label: "The workspace’s" },
        ]}
        disabled={facts.disabled}
      />
    </Place>
  );
}
