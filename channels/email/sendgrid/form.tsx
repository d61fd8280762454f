import { Grid } from "@chakra-ui/react";
import { SecretField } from "#ui/fields/secret-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { ProviderFieldsProps, ProviderForm } from "../../provider-form.tsx";
import { SenderFields, type SenderValues, senderPaths, senderValues } from "../sender-fields.tsx";
import { SendgridSettings } from "./settings.ts";

interface SendgridValues extends SenderValues {
  apiKey: string | null;
  region: SendgridSettings["region"];
  verificationKey: string;
}

const regions = [
  { value: "global", label: "Global" },
  { value: "eu", label: "European Union" },
] as const;

export const sendgridForm: ProviderForm<SendgridValues> = {
  initial: (settings, { hasSecret }) => {
    const stored = SendgridSettings.safeParse(settings).data;
    return {
      ...senderValues(stored),
      apiKey: hasSecret ? null : "",
      region: stored?.region ?? "global",
      verificationKey: stored?.verificationKey ?? "",
    };
  },
  toInput: ({ apiKey, replyTo, verificationKey, ...settings }) => ({
    settings: { ...settings, ...(replyTo && { replyTo }), ...(verificationKey && { verificationKey }) },
    ...(apiKey !== null && { apiKey }),
  }),
  Fields: SendgridFields,
  shownAt: [...senderPaths, "settings.region", "settings.verificationKey", "apiKey"],
  words: { use: "Send e-mail through SendGrid", save: "Save SendGrid account" },
};

function SendgridFields({ values, set, problem, stored }: ProviderFieldsProps<SendgridValues>) {
  return (
    <>
      <Grid templateColumns={{ base: "1fr", md: "1fr 13rem" }} gap="4">
        <SecretField
          label="API key"
          help="At SendGrid under Settings, API Keys, with the permission Mail Send. Kept encrypted on the server and never shown again."
          value={values.apiKey}
          onChange={(apiKey) => set("apiKey", apiKey)}
          end={stored.ends.apiKey}
          error={problem("apiKey")}
        />
        <SelectField
          label="Region"
          options={regions}
          value={values.region}
          onChange={(region) => set("region", region)}
          error={problem("settings.region")}
        />
      </Grid>
      <SenderFields values={values} set={set} problem={problem} />
      <TextField
        label="Verification key"
        required={false}
        mono
        autoComplete="off"
        help="Of the signed event webhook at SendGrid. Without it no report of deliveries, bounces and complaints is taken."
        value={values.verificationKey}
        onChange={(key) => set("verificationKey", key)}
        error={problem("settings.verificationKey")}
      />
    </>
  );
}
