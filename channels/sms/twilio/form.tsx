import { Grid } from "@chakra-ui/react";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SecretField } from "#ui/fields/secret-field.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import type { ProviderFieldsProps, ProviderForm } from "../../provider-form.tsx";
import { PaceFields, pacesOf, type TypedPaces, typedPaces } from "../pace-fields.tsx";
import { tidySender } from "../sender.ts";
import { problemOfSenders, SendersField, sendersOf } from "../senders-field.tsx";
import { type TwilioRegion, TwilioSettings } from "./settings.ts";

interface TwilioValues {
  accountSid: string;
  region: TwilioRegion;
  authToken: string | null;
  secondaryAuthToken: string | null;
  signIn: "token" | "key";
  apiKeySid: string;
  apiKeySecret: string | null;
  sendFrom: "numbers" | "service";
  senders: string;
  messagingServiceSid: string;
  paces: TypedPaces;
  answersHelp: TwilioSettings["answersHelp"];
  validMinutes: number | null;
}

const regions = [
  { value: "us1", label: "United States (us1)" },
  { value: "ie1", label: "Ireland (ie1)" },
  { value: "au1", label: "Australia (au1)" },
] as const;

export const twilioForm: ProviderForm<TwilioValues> = {
  initial: (settings, { hasSecret, ends }) => {
    const stored = TwilioSettings.safeParse(settings).data;
    return {
      accountSid: stored?.accountSid ?? "",
      region: stored?.region ?? "us1",
      authToken: hasSecret ? null : "",
      secondaryAuthToken: "secondaryAuthToken" in ends ? null : "",
      signIn: stored?.apiKeySid ? "key" : "token",
      apiKeySid: stored?.apiKeySid ?? "",
      apiKeySecret: "apiKeySecret" in ends ? null : "",
      sendFrom: stored?.messagingServiceSid ? "service" : "numbers",
      senders: (stored?.senders ?? []).join("\n"),
      messagingServiceSid: stored?.messagingServiceSid ?? "",
      paces: typedPaces(stored?.paces),
      answersHelp: stored?.answersHelp ?? "twilio",
      validMinutes: stored?.validMinutes ?? 240,
    };
  },
  toInput: ({
    authToken,
    secondaryAuthToken,
    signIn,
    apiKeySid,
    apiKeySecret,
    sendFrom,
    senders,
    messagingServiceSid,
    paces,
    ...settings
  }) => ({
    settings: {
      ...settings,
      paces: pacesOf(paces, sendersIn({ sendFrom, senders, messagingServiceSid })),
      ...(signIn === "key" && { apiKeySid }),
      ...(sendFrom === "numbers" ? { senders: sendersOf(senders) } : { messagingServiceSid }),
    },
    ...(authToken !== null && { authToken }),
    ...(secondaryAuthToken !== null && { secondaryAuthToken }),
    // A key that is not used any more is forgotten.
    ...(signIn === "token" ? { apiKeySecret: "" } : apiKeySecret !== null && { apiKeySecret }),
  }),
  Fields: TwilioFields,
  shownAt: [
    ...["accountSid", "region", "apiKeySid", "senders", "messagingServiceSid", "paces", "answersHelp", "validMinutes"].map(
      (name) => `settings.${name}`,
    ),
    ...["authToken", "secondaryAuthToken", "apiKeySecret"],
  ],
  words: { use: "Send SMS through Twilio", save: "Save Twilio account" },
};

/** The senders that these values name, as they are kept. */
const sendersIn = ({ sendFrom, senders, messagingServiceSid }: Pick<TwilioValues, "sendFrom" | "senders" | "messagingServiceSid">) =>
  sendFrom === "numbers" ? sendersOf(senders).map(tidySender) : messagingServiceSid.trim() === "" ? [] : [messagingServiceSid.trim()];

function TwilioFields({ values, set, problem, stored }: ProviderFieldsProps<TwilioValues>) {
  return (
    <>
      <Grid templateColumns={{ base: "1fr", md: "1fr 13rem" }} gap="4">
        <TextField
          label="Account SID"
          placeholder="AC…"
          mono
          autoComplete="off"
          value={values.accountSid}
          onChange={(accountSid) => set("accountSid", accountSid)}
          error={problem("settings.accountSid")}
          help="On the first page of the Twilio console."
        />
        <SelectField
          label="Region"
          options={regions}
          value={values.region}
          onChange={(region) => set("region", region)}
          error={problem("settings.region")}
        />
      </Grid>
      <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
        <SecretField
          label="Auth token"
          help="Twilio signs its calls with it. Kept encrypted on the server and never shown again."
          value={values.authToken}
          onChange={(authToken) => set("authToken", authToken)}
          end={stored.ends.authToken}
          error={problem("authToken")}
        />
        <SecretField
          label="Secondary auth token"
          required={false}
          help="Only while you change the token at Twilio: both are then accepted."
          value={values.secondaryAuthToken}
          onChange={(token) => set("secondaryAuthToken", token)}
          end={stored.ends.secondaryAuthToken}
          error={problem("secondaryAuthToken")}
        />
      </Grid>
      <SegmentedField
        label="Sign in with"
        options={[
          { value: "token", label: "The auth token" },
          { value: "key", label: "An API key" },
        ]}
        value={values.signIn}
        onChange={(signIn) => set("signIn", signIn)}
      />
      {values.signIn === "key" && (
        <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
          <TextField
            label="API key SID"
            placeholder="SK…"
            mono
            autoComplete="off"
            value={values.apiKeySid}
            onChange={(apiKeySid) => set("apiKeySid", apiKeySid)}
            error={problem("settings.apiKeySid")}
          />
          <SecretField
            label="API key secret"
            value={values.apiKeySecret}
            onChange={(apiKeySecret) => set("apiKeySecret", apiKeySecret)}
            end={stored.ends.apiKeySecret}
            error={problem("apiKeySecret")}
          />
        </Grid>
      )}
      <SegmentedField
        label="Send from"
        options={[
          { value: "numbers", label: "My numbers" },
          { value: "service", label: "A messaging service" },
        ]}
        value={values.sendFrom}
        onChange={(sendFrom) => set("sendFrom", sendFrom)}
      />
      {values.sendFrom === "numbers" ? (
        <SendersField value={values.senders} onChange={(senders) => set("senders", senders)} error={problemOfSenders(problem)} />
      ) : (
        <TextField
          label="Messaging service SID"
          placeholder="MG…"
          mono
          autoComplete="off"
          value={values.messagingServiceSid}
          onChange={(messagingServiceSid) => set("messagingServiceSid", messagingServiceSid)}
          error={problem("settings.messagingServiceSid")}
          help="The service chooses the number, and keeps it for each person."
        />
      )}
      <PaceFields
        senders={sendersIn(values)}
        nameOf={(sender) => (values.sendFrom === "service" ? "The messaging service" : sender)}
        value={values.paces}
        onChange={(paces) => set("paces", paces)}
        problem={problem}
      />
      <SelectField
        label="HELP is answered by"
        options={[
          { value: "twilio", label: "Twilio" },
          { value: "sluice", label: "Sluice" },
        ]}
        value={values.answersHelp}
        onChange={(answersHelp) => set("answersHelp", answersHelp)}
        help="Twilio answers by itself at long numbers. Choose Sluice only after that was switched off at Twilio. Short codes are always answered by Sluice."
      />
      <NumberField
        label="Valid for (minutes)"
        min={1}
        max={600}
        width="full"
        value={values.validMinutes}
        onChange={(validMinutes) => set("validMinutes", validMinutes)}
        error={problem("settings.validMinutes")}
        help="After that Twilio gives a message up."
      />
    </>
  );
}
