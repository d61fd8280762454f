import { Stack } from "@chakra-ui/react";
import { TemplateField } from "#ui/fields/template-field.tsx";
import { type NodePanelProps, Place } from "../node-panel.tsx";
import { HtmlComposer } from "./html-composer.tsx";
import { PlainTextSetting } from "./plain-text-setting.tsx";
import { SubjectLength } from "./subject-length.tsx";

/** The composer of an e-mail: its subject, its text rich or as source, its plain text, and how it arrives. */
export function SendEmailPanel({ value, set, facts, message, control }: NodePanelProps) {
  const { subject, html, text } = { subject: written(value.subject), html: written(value.html), text: written(value.text) };
  const { preview, survey, view } = message ?? {};
  return (
    <>
      <Place at={["subject"]}>
        <Stack gap="2">
          <TemplateField
            label="Subject"
            value={subject}
            onChange={(next) => set(["subject"], next)}
            lines={1}
            fields={facts.mergeFields}
            error={facts.problemAt(["subject"])}
            disabled={facts.disabled}
          />
          <SubjectLength
            filled={preview?.message?.subject ?? undefined}
            name={preview?.contactName ?? "No name"}
            longest={survey?.longest ?? null}
          />
        </Stack>
      </Place>
      <Place at={["html"]}>
        <HtmlComposer
          html={html}
          onChange={(next, whole) => set(["html"], next, whole)}
          fields={facts.mergeFields}
          error={facts.problemAt(["html"])}
          disabled={facts.disabled}
        />
      </Place>
      <Place at={["text"]}>
        <PlainTextSetting
          text={text}
          made={preview?.textTemplate}
          hasHtml={html.trim() !== ""}
          onChange={(next) => set(["text"], next)}
          fields={facts.mergeFields}
          error={facts.problemAt(["text"])}
          disabled={facts.disabled}
        />
      </Place>
      {view}
      {control("kind")}
      {control("notLaterThanSeconds")}
      {control("onError")}
    </>
  );
}

const written = (value: unknown): string => (typeof value === "string" ? value : "");
