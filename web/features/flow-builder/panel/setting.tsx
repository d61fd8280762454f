import { Box, Stack } from "@chakra-ui/react";
import { type PanelFacts, type Path, Place, record } from "#nodes/node-panel.tsx";
import { plainField } from "#nodes/values/field-name.ts";
import { DurationField } from "#ui/fields/duration-field.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { ToggleSet } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { TemplateField } from "#ui/fields/template-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { type ConfigSchema, controlOf, leastValue, memberFor } from "./config-schema.ts";
import { wordsOfChoice, wordsOfKey } from "./config-words.ts";
import { SettingList } from "./setting-list.tsx";

export interface SettingProps {
  schema: ConfigSchema;
  path: Path;
  value: unknown;
  /** Undefined takes the setting away. */
  onChange: (value: unknown) => void;
  facts: PanelFacts;
  required: boolean;
}

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map((label, index) => ({ value: index + 1, label }));

/** The control of one place of the settings, whatever its schema is. */
export const Setting = (props: SettingProps) => (
  <Place at={props.path}>
    <Control {...props} />
  </Place>
);

function Control({ schema, path, value, onChange, facts, required }: SettingProps) {
  const key = String(path.at(-1) ?? "");
  const control = controlOf(schema, key);
  const error = facts.problemAt(path);
  const frame = { label: wordsOfKey(path), disabled: facts.disabled, ...(error !== undefined && { error }) };
  const shown = value ?? schema.default;
  const text = typeof shown === "string" || typeof shown === "number" ? String(shown) : "";
  switch (control.kind) {
    case "fixed":
      return null;
    case "variants": {
      const chosen = control.variants.find(({ properties }) => properties?.[control.key]?.const === record(shown)[control.key]);
      const options = control.variants.map(({ properties }) => String(properties?.[control.key]?.const));
      return (
        <Stack gap="4">
          <SelectField
            {...frame}
            label={wordsOfKey([...path, control.key])}
            value={String(record(shown)[control.key] ?? "")}
            onChange={(tag) => onChange(leastValue(control.variants[options.indexOf(tag)] ?? {}))}
            options={options.map((one) => ({ value: one, label: wordsOfChoice(one) }))}
          />
          {chosen && <Settings schema={chosen} path={path} value={shown} onChange={onChange} facts={facts} />}
        </Stack>
      );
    }
    case "object":
      return (
        <Box role="group" aria-label={frame.label} ps="3" borderStartWidth="2px">
          <Settings schema={schema} path={path} value={shown} onChange={onChange} facts={facts} />
        </Box>
      );
    case "list":
      return (
        <SettingList schema={schema} item={control.item} path={path} value={shown} onChange={onChange} facts={facts}>
          {(each) => <Settings schema={memberFor(control.item, each.value)} facts={facts} {...each} />}
        </SettingList>
      );
    case "weekdays":
      return <ToggleSet label={frame.label} values={Array.isArray(shown) ? shown : []} onChange={onChange} options={days} />;
    case "scalars":
      return (
        <TextField
          {...frame}
          value={Array.isArray(shown) ? shown.join(", ") : text}
          onChange={(typed) => onChange(readList(typed))}
          help="Several, with commas between them"
        />
      );
    case "choice":
      return (
        <SelectField
          {...frame}
          value={text}
          placeholder={required || schema.default !== undefined ? undefined : "Not set"}
          onChange={onChange}
          options={(schema.enum ?? []).map((one) => ({ value: String(one), label: wordsOfChoice(one) }))}
        />
      );
    case "switch":
      return <SwitchField label={frame.label} checked={shown === true} onChange={onChange} disabled={facts.disabled} />;
    case "seconds":
      return (
        <DurationField
          {...frame}
          required={required}
          seconds={typeof shown === "number" ? shown : null}
          onChange={(next) => onChange(next ?? undefined)}
        />
      );
    case "number":
      return (
        <NumberField
          {...frame}
          required={required}
          value={typeof shown === "number" ? shown : null}
          onChange={(next) => onChange(next ?? undefined)}
          {...(schema.minimum !== undefined && { min: schema.minimum })}
          step={schema.type === "integer" ? 1 : 0.01}
        />
      );
    case "time":
      return (
        <TextField
          {...frame}
          required={required}
          type={text === "24:00" ? "text" : "time"}
          value={text}
          onChange={(next) => onChange(next || undefined)}
        />
      );
    case "flow":
      return (
        <SelectField
          {...frame}
          value={text}
          placeholder="Choose a flow"
          onChange={onChange}
          options={facts.flows.map(({ id, name }) => ({ value: id, label: name }))}
        />
      );
    case "flows":
      return <FlowSet frame={frame} values={Array.isArray(shown) ? shown.map(String) : []} onChange={onChange} facts={facts} />;
    case "step":
      return (
        <SelectField
          {...frame}
          value={text}
          placeholder="Choose an earlier step"
          onChange={onChange}
          options={facts.steps.map(({ id, label }) => ({ value: id, label }))}
        />
      );
    case "text": {
      const place = path.map((part) => (typeof part === "number" ? "*" : part)).join(".");
      if (facts.templates.includes(place)) {
        const isLong = ["text", "html", "json"].includes(key);
        return (
          <TemplateField
            {...frame}
            value={text}
            onChange={onChange}
            lines={key === "html" || key === "json" ? 8 : isLong ? 4 : 1}
            fields={facts.mergeFields}
            // A value of a JSON stands between quotation marks already.
            {...(key === "json" && { quote: "'" })}
          />
        );
      }
      return (
        <TextField
          {...frame}
          required={required}
          value={key === "field" ? plainField(text) : text}
          onChange={(typed) => onChange(typed === "" && !required ? undefined : typed)}
          {...(key === "field" && { list: "fields-of-contacts" })}
        />
      );
    }
  }
}

/** The controls of all keys of an object. */
export function Settings({ schema, path, value, onChange, facts }: Omit<SettingProps, "required">) {
  const now = record(value);
  const set = (key: string, next: unknown) => {
    const { [key]: _before, ...rest } = now;
    onChange(next === undefined ? rest : { ...now, [key]: next });
  };
  return (
    <Stack gap="4">
      {Object.entries(schema.properties ?? {})
        .filter(([key]) => key !== "id" && !isHidden(key, now))
        .map(([key, inner]) => (
          <Setting
            key={key}
            schema={inner}
            path={[...path, key]}
            value={now[key]}
            onChange={(next) => set(key, next)}
            facts={facts}
            required={schema.required?.includes(key) ?? false}
          />
        ))}
    </Stack>
  );
}

function FlowSet({
  frame,
  values,
  onChange,
  facts,
}: {
  frame: { label: string };
  values: string[];
  onChange: (value: string[]) => void;
  facts: PanelFacts;
}) {
  return (
    <Stack gap="1" role="group" aria-label={frame.label}>
      {facts.flows.map(({ id, name }) => (
        <SwitchField
          key={id}
          label={name}
          checked={values.includes(id)}
          onChange={(isOn) => onChange(isOn ? [...values, id] : values.filter((one) => one !== id))}
          disabled={facts.disabled}
        />
      ))}
    </Stack>
  );
}

/** What another setting makes meaningless is not asked: a test that asks for an empty field looks for no value. */
const isHidden = (key: string, { operator, operation }: Record<string, unknown>): boolean =>
  (key === "value" && (operator === "is_empty" || operator === "is_not_empty" || operation === "clear")) ||
  (key === "as" && operation !== undefined && operation !== "set");

/** A number stays a number where each of the words is one; "2xx" and names stay texts. */
function readList(typed: string): (string | number)[] {
  const parts = typed.split(",").map((part) => part.trim());
  return parts.filter((part, index) => part !== "" || index < parts.length - 1).map((part) => (/^\d{3}$/.test(part) ? Number(part) : part));
}
