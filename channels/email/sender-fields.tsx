import { Grid } from "@chakra-ui/react";
import { TextField } from "#ui/fields/text-field.tsx";

export interface SenderValues {
  fromName: string;
  fromAddress: string;
  replyTo: string;
}

interface SenderFieldsProps {
  values: SenderValues;
  set: (name: keyof SenderValues, value: string) => void;
  problem: (path: string) => string | undefined;
}

/** The values of the fields, from settings of which some may be missing. */
export const senderValues = (stored: Partial<SenderValues> | undefined): SenderValues => ({
  fromName: stored?.fromName ?? "",
  fromAddress: stored?.fromAddress ?? "",
  replyTo: stored?.replyTo ?? "",
});

export const senderPaths = ["fromName", "fromAddress", "replyTo"].map((name) => `settings.${name}`);

/** The fields that say from whom an e-mail is and where answers go. */
export function SenderFields({ values, set, problem }: SenderFieldsProps) {
  return (
    <>
      <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
        <TextField
          label="Sender name"
          required={false}
          placeholder="Harbour Dental"
          value={values.fromName}
          onChange={(fromName) => set("fromName", fromName)}
          error={problem("settings.fromName")}
        />
        <TextField
          label="Sender address"
          type="email"
          placeholder="hello@example.com"
          value={values.fromAddress}
          onChange={(fromAddress) => set("fromAddress", fromAddress)}
          error={problem("settings.fromAddress")}
        />
      </Grid>
      <TextField
        label="Answers go to"
        type="email"
        required={false}
        help="When it is another address than the sender's."
        value={values.replyTo}
        onChange={(replyTo) => set("replyTo", replyTo)}
        error={problem("settings.replyTo")}
      />
    </>
  );
}
