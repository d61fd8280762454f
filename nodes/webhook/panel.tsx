import { Box, Flex, Stack } from "@chakra-ui/react";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TemplateField } from "#ui/fields/template-field.tsx";
import { NamedRows } from "../named-rows/named-rows.tsx";
import { type NodePanelProps, Place, record } from "../node-panel.tsx";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"].map((value) => ({ value, label: value }));
type BodyType = "none" | "json" | "form";
const bodies: { value: BodyType; label: string }[] = [
  { value: "none", label: "Nothing" },
  { value: "json", label: "JSON" },
  { value: "form", label: "Form fields" },
];
const empty: Record<BodyType, object> = { none: { type: "none" }, json: { type: "json", json: "{}" }, form: { type: "form", fields: [] } };

/** What is called with what, tried on the spot, and what of the answer is kept. */
export function WebhookPanel(props: NodePanelProps) {
  const { value, set, facts, control, preview } = props;
  const secrets = facts.secrets ?? [];
  const text = (at: unknown) => (typeof at === "string" ? at : "");
  const urlError = facts.problemAt(["url"]);
  return (
    <>
      <Stack gap="3">
        <Place at={["method"]}>
          <SelectField
            label="Method"
            width="32"
            value={text(value.method) || "POST"}
            onChange={(method) => set(["method"], method)}
            options={methods}
            disabled={facts.disabled}
          />
        </Place>
        <Place at={["url"]}>
          <TemplateField
            label="Address"
            value={text(value.url)}
            onChange={(url) => set(["url"], url)}
            lines={1}
            fields={facts.mergeFields}
            disabled={facts.disabled}
            {...(urlError !== undefined && { error: urlError })}
          />
        </Place>
      </Stack>
      <NamedRows {...props} at={["headers"]} title="Headers" one="header" valueKey="value" isTemplate>
        {(index, header) =>
          secrets.length > 0 && (
            <SelectField
              label={`Put a secret into header ${index + 1}`}
              hideLabel
              value=""
              placeholder="Put a secret in…"
              onChange={(name) => set(["headers", index, "value"], `${text(header.value)}{{ secrets.${name} }}`)}
              options={secrets.map(({ name }) => ({ value: name, label: name }))}
              disabled={facts.disabled}
            />
          )
        }
      </NamedRows>
      <Body {...props} />
      <NamedRows {...props} at={["fields"]} title="Keep from the answer" one="value" valueKey="path" placeholder="data.order.id" />
      {preview}
      {control("expect")}
      {control("timeLimitSeconds")}
      {control("retry")}
    </>
  );
}

function Body(props: NodePanelProps) {
  const { value, set, facts } = props;
  const body = record(value.body);
  const type = bodies.find((one) => one.value === body.type)?.value ?? "none";
  const error = facts.problemAt(["body", "json"]);
  const bodyError = facts.problemAt(["body"]);
  return (
    <Place at={["body"]}>
      <Stack gap="3">
        <Flex>
          <SegmentedField
            label="Body"
            value={type}
            onChange={(next) => set(["body"], empty[next])}
            options={bodies}
            disabled={facts.disabled}
            {...(bodyError !== undefined && { error: bodyError })}
          />
        </Flex>
        {type === "json" && (
          <Place at={["body", "json"]}>
            <Box>
              <TemplateField
                label="JSON"
                mono
                value={typeof body.json === "string" ? body.json : ""}
                onChange={(json) => set(["body", "json"], json)}
                lines={8}
                fields={facts.mergeFields}
                // A value of a JSON stands between quotation marks already.
                quote="'"
                disabled={facts.disabled}
                {...(error !== undefined && { error })}
              />
            </Box>
          </Place>
        )}
        {type === "form" && (
          <NamedRows {...props} at={["body", "fields"]} title="Form fields" one="form field" valueKey="value" isTemplate />
        )}
      </Stack>
    </Place>
  );
}
