import { Stack } from "@chakra-ui/react";
import { TemplateField } from "#ui/fields/template-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";
import { SmsCounter } from "./sms-counter.tsx";

/** The composer of a text message: what is typed, what it costs, and how it arrives. */
export function SendSmsPanel({ value, set, facts, message, control }: NodePanelProps) {
  const text = typeof value.text === "string" ? value.text : "";
  const { preview, survey, view } = message ?? {};
  const onChange = (next: string) => set(["text"], next);
  return (
    <>
      <Place at={["text"]}>
        <Stack gap="2">
          <TemplateField
            label="Text"
            value={text}
            onChange={onChange}
            lines={5}
            fields={facts.mergeFields}
            error={facts.problemAt(["text"])}
            disabled={facts.disabled}
          />
          <SmsCounter
            {...{ text, onChange }}
            filled={preview?.message?.text}
            name={preview?.contactName ?? "No name"}
            longest={survey?.longest ?? null}
            looked={survey?.looked ?? 0}
            isAll={survey?.isAll ?? true}
            disabled={facts.disabled}
          />
        </Stack>
      </Place>
      {view}
      {control("kind")}
      {control("notLaterThanSeconds")}
      {control("onError")}
    </>
  );
}
