import { TextAreaField } from "#ui/fields/text-area-field.tsx";

/** The senders of a provider, one in each line. */
export function SendersField({ value, onChange, error }: { value: string; onChange: (value: string) => void; error: string | undefined }) {
  return (
    <TextAreaField
      label="Senders"
      placeholder={"+1 555 010 0199"}
      mono
      rows={2}
      value={value}
      onChange={onChange}
      error={error}
      help="A number with its country code, a short code, or a name, each in a line of its own. Each person always hears from the same one: from a number of their own country where there is one. A test message leaves from the first."
    />
  );
}

export const sendersOf = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The problem of the list, or of the first line that has one. */
export const problemOfSenders = (problem: (path: string) => string | undefined): string | undefined =>
  problem("settings.senders") ?? Array.from({ length: 50 }, (_, line) => problem(`settings.senders.${line}`)).find(Boolean);
