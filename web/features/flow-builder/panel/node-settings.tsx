import { Stack } from "@chakra-ui/react";
import { type ReactNode, Suspense, useRef } from "react";
import { type MessageFacts, type Path, putAt, record, type TestFacts } from "#nodes/node-panel.tsx";
import { findPanel, HandMadePanel } from "#nodes/panels.tsx";
import { FallbackBoundary } from "#ui/fallback-boundary.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { Setting, type SettingProps, Settings } from "./setting.tsx";

type NodeSettingsProps = Pick<SettingProps, "schema" | "value" | "facts"> & {
  type: string;
  message?: MessageFacts | undefined;
  preview?: ReactNode;
  tests?: TestFacts | undefined;
  /** Changes the settings as they are then, not as they were drawn: a panel may put two of them at once. */
  edit: (change: (settings: unknown) => unknown, place?: string) => void;
};

/** The settings of a step as a whole: in the panel made for its type, or else in one made from the schema. */
export function NodeSettings({ type, edit, message, preview, tests, ...given }: NodeSettingsProps) {
  const props = { ...given, onChange: (next: unknown) => edit(() => next) };
  const panel = findPanel(type);
  const wholes = useRef(0);
  const place = (path: Path, whole?: "whole") => {
    if (whole) wholes.current += 1;
    return `${path.join(".")}${whole ? ` ${wholes.current}` : ""}`;
  };
  const fromSchema = props.schema.oneOf ? <Setting {...props} path={[]} required /> : <Settings {...props} path={[]} />;
  if (!panel) return fromSchema;
  const { schema, value, onChange, facts } = props;
  return (
    <FallbackBoundary fallback={fromSchema}>
      <Suspense fallback={<SkeletonRows rows={3} columns={["90%"]} label="Loading the settings" />}>
        <Stack gap="4">
          <HandMadePanel
            key={type}
            panel={panel}
            value={record(value)}
            set={(path, next, whole) => edit((settings) => putAt(settings, path, next), place(path, whole))}
            facts={facts}
            message={message}
            preview={preview}
            tests={tests}
            control={(key) => (
              <Settings
                schema={{ ...schema, properties: pick(schema.properties, key) }}
                path={[]}
                value={value}
                onChange={onChange}
                facts={facts}
              />
            )}
          />
        </Stack>
      </Suspense>
    </FallbackBoundary>
  );
}

const pick = (properties: SettingProps["schema"]["properties"] = {}, key: string) => {
  const inner = properties[key];
  if (!inner) throw new Error(`There is no setting “${key}”`);
  return { [key]: inner };
};
