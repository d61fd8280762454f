import { Text } from "@chakra-ui/react";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";

type Wish = "leave" | "opt_in" | "opt_out";

const wishes: readonly { value: Wish; label: string }[] = [
  { value: "leave", label: "Leave as it is" },
  { value: "opt_in", label: "Opt in" },
  { value: "opt_out", label: "Opt out" },
];
const channels = [
  { key: "sms", label: "SMS" },
  { key: "email", label: "E-mail" },
] as const;

/** What is recorded of each channel, and how it is known. */
export function ConsentPanel({ value, set, facts, preview }: NodePanelProps) {
  const wishFor = (key: string): Wish => wishes.find((one) => one.value === value[key])?.value ?? "leave";
  const reason = typeof value.reason === "string" ? value.reason : "";
  const optsIn = channels.some(({ key }) => wishFor(key) === "opt_in");
  const nothing = value.doNotContact !== true && channels.every(({ key }) => wishFor(key) === "leave");
  return (
    <>
      {channels.map(({ key, label }) => (
        <Place key={key} at={[key]}>
          <SegmentedField
            label={label}
            value={wishFor(key)}
            onChange={(wish) => set([key], wish === "leave" ? undefined : wish)}
            options={wishes}
            disabled={facts.disabled}
            error={facts.problemAt([key])}
          />
        </Place>
      ))}
      <Place at={["doNotContact"]}>
        <SwitchField
          label="Do not contact at all"
          help="Nothing is sent on any channel any more. A flow cannot lift this again."
          checked={value.doNotContact === true}
          onChange={(on) => set(["doNotContact"], on || undefined)}
          disabled={facts.disabled}
        />
      </Place>
      {nothing && (
        <Text role="status" textStyle="sm" color="fg.error">
          Nothing to record is chosen yet.
        </Text>
      )}
      <Place at={["reason"]}>
        <TextField
          label={optsIn ? "Where the consent was given" : "How it is known"}
          required={optsIn}
          value={reason}
          maxLength={200}
          placeholder={optsIn ? "Ticked the box in the booking form" : "Asked on the phone"}
          onChange={(next) => set(["reason"], next || undefined)}
          disabled={facts.disabled}
          error={facts.problemAt(["reason"])}
          help={
            optsIn && reason.trim() === ""
              ? "Without it a channel that is closed stays closed, because nobody could tell later where the consent came from."
              : "The history of the contact keeps it."
          }
        />
      </Place>
      {optsIn && (
        <Text textStyle="xs" color="fg.muted">
          Who has refused a channel themselves, by STOP or by unsubscribing, stays out of it: only they can open it again.
        </Text>
      )}
      {preview}
    </>
  );
}
