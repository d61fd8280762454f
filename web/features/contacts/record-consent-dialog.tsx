import { Stack, Text } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { type ConsentSource, consentSources, NewConsent, notTheirs } from "#contract/consents.ts";
import type { Contact } from "#contract/contacts.ts";
import type { Channel } from "#contract/messages.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { SegmentedField } from "#ui/fields/segmented-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { toast } from "#ui/toaster.tsx";
import { contactConsentsQuery, contactReachQuery } from "#web/entities/contacts/contact-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { consentSourceWords } from "./consent-source-words.ts";

const channelNames: Record<Channel, string> = { sms: "SMS", email: "E-mail" };

interface RecordConsentDialogProps {
  contact: Contact;
  /** Those on which one can be written down. */
  channels: readonly Channel[];
  open: boolean;
  onClose: () => void;
}

/** Asks for what proves a consent, and writes it into the history of the contact. It cannot be changed or taken out again. */
export function RecordConsentDialog({ contact, channels, open, onClose }: RecordConsentDialogProps) {
  const queryClient = useQueryClient();
  const { can } = useSession();
  const where = useRef<HTMLInputElement>(null);
  const form = useForm({
    schema: NewConsent,
    initial: {
      channel: (channels[0] ?? "sms") as Channel,
      source: "form" as ConsentSource | typeof notTheirs,
      where: "",
      textShown: "",
      givenAt: new Date().toISOString().slice(0, 10),
    },
    onSubmit: async ({ textShown, ...body }) => {
      await api("addConsent", { params: { id: contact.id }, body: { ...body, ...(textShown && { textShown }) } });
      onClose();
      toast({ title: `The consent of ${contact.displayName} is recorded`, status: "success" });
      await queryClient.invalidateQueries({ queryKey: contactConsentsQuery(contact.id).queryKey });
      await queryClient.invalidateQueries({ queryKey: contactReachQuery(contact.id).queryKey });
    },
  });
  const isNotTheirs = form.values.source === notTheirs;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Record a consent of ${contact.displayName}`}
      closeable={!form.busy}
      initialFocusRef={where}
      isDirty={form.isDirty}
      footer={
        <>
          <Button onClick={onClose} disabled={form.busy}>
            Cancel
          </Button>
          <Button tone="primary" onClick={() => void form.submit()} busy={form.busy}>
            Record consent
          </Button>
        </>
      }
    >
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <Text textStyle="sm">
            Only what the person has agreed to themselves. It counts for {form.values.channel === "sms" ? contact.phoneE164 : contact.email}{" "}
            and for no other address that the contact gets later. It stays in the history with your name and cannot be changed.
          </Text>
          {channels.length > 1 && (
            <SegmentedField
              label="They agreed to"
              options={channels.map((channel) => ({ value: channel, label: channelNames[channel] }))}
              value={form.values.channel}
              onChange={(channel) => form.set("channel", channel)}
            />
          )}
          <SelectField
            label="How it was given"
            options={[...consentSources, ...(can("admin") ? [notTheirs] : [])].map((source) => ({
              value: source,
              label: consentSourceWords[source],
            }))}
            value={form.values.source}
            onChange={(source) => form.set("source", source)}
            error={form.problem("source")}
          />
          <TextField
            ref={where}
            label={isNotTheirs ? "How you know that it was another person" : "Where it was given, and where the proof is"}
            placeholder={isNotTheirs ? "The number before had a wrong digit" : "Sign-up form at the spring fair, folder 12"}
            value={form.values.where}
            onChange={(text) => form.set("where", text)}
            error={form.problem("where")}
            maxLength={500}
            autoComplete="off"
          />
          <TextField
            label={isNotTheirs ? "Since when you know it" : "When it was given"}
            type="date"
            value={form.values.givenAt}
            onChange={(date) => form.set("givenAt", date)}
            error={form.problem("givenAt")}
          />
          <TextAreaField
            label="What they were shown"
            required={false}
            rows={3}
            value={form.values.textShown}
            onChange={(text) => form.set("textShown", text)}
            error={form.problem("textShown")}
            help="The words next to the box they ticked, or what you told them."
          />
          <FormError error={form.error} shownAt={["channel", "source", "where", "givenAt", "textShown"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
