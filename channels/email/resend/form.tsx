import { SecretField } from "#ui/fields/secret-field.tsx";
import type { ProviderFieldsProps, ProviderForm } from "../../provider-form.tsx";
import { SenderFields, type SenderValues, senderPaths, senderValues } from "../sender-fields.tsx";
import { ResendSettings } from "./settings.ts";

interface ResendValues extends SenderValues {
  apiKey: string | null;
  webhookSecret: string | null;
}

export const resendForm: ProviderForm<ResendValues> = {
  initial: (settings, { hasSecret, ends }) => ({
    ...senderValues(ResendSettings.safeParse(settings).data),
    apiKey: hasSecret ? null : "",
    webhookSecret: "webhookSecret" in ends ? null : "",
  }),
  toInput: ({ apiKey, webhookSecret, replyTo, ...settings }) => ({
    settings: { ...settings, ...(replyTo && { replyTo }) },
    ...(apiKey !== null && { apiKey }),
    ...(webhookSecret !== null && { webhookSecret }),
  }),
  Fields: ResendFields,
  shownAt: [...senderPaths, "apiKey", "webhookSecret"],
  words: { use: "Send e-mail through Resend", save: "Save Resend account" },
};

function ResendFields({ values, set, problem, stored }: ProviderFieldsProps<ResendValues>) {
  return (
    <>
      <SecretField
        label="API key"
        help="At Resend under API Keys. Kept encrypted on the server and never shown again."
        value={values.apiKey}
        onChange={(apiKey) => set("apiKey", apiKey)}
        end={stored.ends.apiKey}
        error={problem("apiKey")}
      />
      <SenderFields values={values} set={set} problem={problem} />
      <SecretField
        label="Signing secret"
        required={false}
        help="Of the webhook at Resend. Without it no report of deliveries, bounces and complaints is taken."
        value={values.webhookSecret}
        onChange={(secret) => set("webhookSecret", secret)}
        end={stored.ends.webhookSecret}
        error={problem("webhookSecret")}
      />
    </>
  );
}
