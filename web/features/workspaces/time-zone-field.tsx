import { SelectField } from "#ui/fields/select-field.tsx";
import { zoneOptions } from "#web/lib/time-zone-options.ts";

interface TimeZoneFieldProps {
  value: string;
  onChange: (zone: string) => void;
  error?: string;
}

/** Asked when a workspace begins, because messages that wait for an hour of the day count by it. */
export function TimeZoneField(props: TimeZoneFieldProps) {
  return (
    <SelectField
      label="Time zone"
      help="Times are shown in this time zone. Contacts without a time zone of their own use it too."
      options={zoneOptions(props.value)}
      {...props}
    />
  );
}
