import { SecretField } from "#ui/fields/secret-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { ProviderFieldsProps, ProviderForm } from "../../provider-form.tsx";
import { PaceFields, pacesOf, type TypedPaces, typedPaces } from "../pace-fields.tsx";
import { tidySender } from "../sender.ts";
import { problemOfSenders, SendersField, sendersOf } from "../senders-field.tsx";
import { TelnyxSettings } from "./settings.ts";

interface TelnyxValues {
  apiKey: string | null;
  publicKey: string;
  senders: string;
  paces: TypedPaces;
  messagingProfileId: string;
}

export const telnyxForm: ProviderForm<TelnyxValues> = {
  initial: (settings, { hasSecret }) => {
    const stored = TelnyxSettings.safeParse(settings).data;
    return {
      apiKey: hasSecret ? null : "",
      publicKey: stored?.publicKey ?? "",
      senders: (stored?.senders ?? []).join("\n"),
      paces: typedPaces(stored?.paces),
      messagingProfileId: stored?.messagingProfileId ?? "",
    };
  },
  toInput: ({ apiKey, publicKey, senders, paces, messagingProfileId }) => ({
    settings: {
      publicKey,
      senders: sendersOf(senders),
      paces: pacesOf(paces, sendersOf(senders).map(tidySender)),
      ...(messagingProfileId.trim() !== "" && { messagingProfileId: messagingProfileId.trim() }),
    },
    ...(apiKey !== null && { apiKey }),
  }),
  Fields: TelnyxFields,
  shownAt: ["apiKey", ...["publicKey", "senders", "paces", "messagingProfileId"].map((name) => `settings.${name}`)],
  words: { use: "Send SMS through Telnyx", save: "Save Telnyx account" },
};

function TelnyxFields({ values, set, problem, stored }: ProviderFieldsProps<TelnyxValues>) {
  return (
    <>
      <SecretField
        label="API key"
        help="In the Telnyx portal under Keys & Credentials, API Keys. Kept encrypted on the server and never shown again."
        value={values.apiKey}
        onChange={(apiKey) => set("apiKey", apiKey)}
        end={stored.ends.apiKey}
        error={problem("apiKey")}
      />
      <TextField
        label="Public key"
        mono
        autoComplete="off"
        value={values.publicKey}
        onChange={(publicKey) => set("publicKey", publicKey)}
        error={problem("settings.publicKey")}
        help="Under Keys & Credentials, Public Key. Telnyx signs its calls with it."
      />
      <SendersField value={values.senders} onChange={(senders) => set("senders", senders)} error={problemOfSenders(problem)} />
      <PaceFields
        senders={sendersOf(values.senders).map(tidySender)}
        value={values.paces}
        onChange={(paces) => set("paces", paces)}
        problem={problem}
      />
      <TextField
        label="Messaging profile ID"
        required={false}
        mono
        autoComplete="off"
        value={values.messagingProfileId}
        onChange={(id) => set("messagingProfileId", id)}
        error={problem("settings.messagingProfileId")}
        help="Only needed for a name as sender."
      />
    </>
  );
}
