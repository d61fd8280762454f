import { Box, Flex, Heading, Stack } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import type { Contact } from "#contract/contacts.ts";
import { timeZones } from "#contract/time-zones.ts";
import { Button } from "#ui/button.tsx";
import { SwitchField } from "#ui/fields/switch-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { SidePanel } from "#ui/side-panel.tsx";
import { toast } from "#ui/toaster.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { contactFacetsQuery, refreshContacts, showChanged } from "#web/entities/contacts/contact-queries.ts";
import { defaultStatus } from "#web/entities/lead-statuses/lead-status-queries.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { type ContactDraft, consentProblems, isNobody, takesBackOptOut, toDraft, toInput, toPatch } from "./contact-form.ts";
import { StatusField } from "./status-field.tsx";
import { TwinNotice } from "./twin-notice.tsx";

/** The contact to edit, "new" to add one, or null when closed. */
export type FormTarget = Contact | "new" | null;

interface ContactFormPanelProps {
  target: FormTarget;
  onClose: (saved?: Contact) => void;
  /** Called when the panel has left the screen, so that another one may open. */
  onClosed?: () => void;
}

export function ContactFormPanel({ target, onClose, onClosed }: ContactFormPanelProps) {
  const { shown } = useLastShown(target);
  const form = useId();
  const [saving, setSaving] = useState(false);
  const [isDirty, setDirty] = useState(false);
  return (
    <SidePanel
      open={target !== null}
      onClose={() => !saving && onClose()}
      onClosed={onClosed}
      isDirty={isDirty}
      title={shown === "new" || shown === null ? "Add contact" : `Edit ${shown.displayName}`}
      footer={
        <>
          <Button tone="ghost" onClick={() => onClose()} disabled={saving}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={form} busy={saving}>
            {shown === "new" ? "Add contact" : "Save contact"}
          </Button>
        </>
      }
    >
      {shown !== null && (
        <ContactForm
          key={shown === "new" ? "new" : shown.id}
          id={form}
          contact={shown === "new" ? null : shown}
          onBusy={setSaving}
          onDirty={setDirty}
          onDone={onClose}
        />
      )}
    </SidePanel>
  );
}

interface ContactFormProps {
  id: string;
  contact: Contact | null;
  onBusy: (busy: boolean) => void;
  /** Whether something was typed that is not saved. */
  onDirty: (dirty: boolean) => void;
  onDone: (saved?: Contact) => void;
}

function ContactForm({ id, contact, onBusy, onDirty, onDone }: ContactFormProps) {
  const client = useQueryClient();
  const [before] = useState(() => toDraft(contact, defaultStatus(client)));
  const [draft, setDraft] = useState(before);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(before);
  // Told before the key is over: who presses Back at once is asked, too.
  useLayoutEffect(() => {
    onDirty(isDirty);
    return () => onDirty(false);
  }, [isDirty, onDirty]);
  const [empty, setEmpty] = useState(false);
  // The twins of what was refused stay shown while the person goes on typing.
  const [refusedDraft, setRefusedDraft] = useState<ContactDraft | null>(null);
  const facets = useQuery(contactFacetsQuery);
  const save = useMutation({
    mutationFn: async (evenIfTwin: boolean) => {
      const saved =
        contact === null
          ? await api("createContact", { body: { ...toInput(draft), evenIfTwin } })
          : await api("updateContact", { params: { id: contact.id }, body: toPatch(before, draft) });
      // People may read what they write. Only an API key may lack that.
      return saved as Contact;
    },
    onMutate: () => {
      setRefusedDraft(draft);
      onBusy(true);
    },
    onSettled: () => onBusy(false),
    onError: () => setRefusals((now) => now + 1),
    onSuccess: (saved) => {
      toast({ status: "success", title: contact === null ? `${saved.displayName} was added` : `${saved.displayName} was saved` });
      if (contact === null) void refreshContacts(client);
      else showChanged(client, saved);
      onDone(saved);
    },
  });
  const [missing, setMissing] = useState<ReturnType<typeof consentProblems>>({});
  const [refusals, setRefusals] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  // A field with a problem may be out of sight; the first one gets the focus when the problems are drawn.
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [refusals]);
  const problem = (field: keyof ContactDraft) =>
    missing[field] ??
    (isApiError(save.error) && save.error.code !== "contact_exists" ? save.error.problem(paths[field] ?? field) : undefined);
  const text = (field: { [K in keyof ContactDraft]: ContactDraft[K] extends string ? K : never }[keyof ContactDraft]) => ({
    value: draft[field],
    onChange: (value: string) => {
      setDraft((now) => ({ ...now, [field]: value }));
      setMissing(({ [field]: _, ...others }) => others);
    },
    error: problem(field),
  });
  const flag = (field: "smsOptedOut" | "emailOptedOut" | "dnc") => ({
    checked: draft[field],
    onChange: (checked: boolean) => setDraft((now) => ({ ...now, [field]: checked })),
  });
  const elsewhere = isApiError(save.error)
    ? save.error.problems.filter(({ path }) => !(path in draft) && !Object.values(paths).includes(path))
    : [];
  return (
    <form
      id={id}
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setEmpty(isNobody(draft));
        const toSay = contact === null ? {} : consentProblems(before, draft);
        setMissing(toSay);
        if (Object.keys(toSay).length > 0) setRefusals((now) => now + 1);
        if (isNobody(draft) || Object.keys(toSay).length > 0 || save.isPending) return;
        if (contact !== null && Object.keys(toPatch(before, draft)).length === 0) onDone();
        else save.mutate(false);
      }}
    >
      <Stack gap="4">
        {empty && (
          <Notice status="error">
            Give a name, an e-mail address or a phone number: without any of them nobody can be found or reached.
          </Notice>
        )}
        {isApiError(save.error, "contact_exists") && (
          <TwinNotice draft={refusedDraft ?? draft} busy={save.isPending} onOpen={onDone} onAddAnyway={() => save.mutate(true)} />
        )}
        {save.isError && !isApiError(save.error, "contact_exists") && (
          <Notice
            status="error"
            title={isApiError(save.error, "invalid_request") ? "This was not saved. Correct the marked fields." : save.error.message}
          >
            {elsewhere.map(({ path, message }) => (
              <Box key={path + message}>{message}</Box>
            ))}
          </Notice>
        )}
        <Flex gap="3" direction={{ base: "column", md: "row" }}>
          <TextField label="First name" autoFocus {...text("firstname")} maxLength={200} autoComplete="off" />
          <TextField label="Last name" {...text("lastname")} maxLength={200} autoComplete="off" />
        </Flex>
        <TextField
          label="Name to show"
          required={false}
          help="Where it is not first and last name: a company, say."
          {...text("name")}
          maxLength={200}
          autoComplete="off"
        />
        <TextField
          label="Phone"
          type="tel"
          {...text("phoneNumber")}
          maxLength={40}
          autoComplete="off"
          help="With its country code, or as dialled in the country of this workspace."
        />
        <TextField label="E-mail" type="email" {...text("email")} maxLength={254} autoComplete="off" />
        <StatusField label="Lead status" required={false} choices={facets.data?.leadStatuses ?? []} {...text("leadStatus")} />
        <StatusField label="Time zone" required={false} choices={zones} placeholder="Europe/London" {...text("timeZone")} />
        <Group title="Consent">
          <SwitchField label="Opted out of SMS" {...flag("smsOptedOut")} />
          <SwitchField label="Opted out of e-mail" {...flag("emailOptedOut")} />
          <SwitchField label="Do not contact" help="Nothing is sent to this contact on any channel." {...flag("dnc")} />
          {contact !== null && takesBackOptOut(before, draft) && (
            <Stack gap="3" role="group" aria-label="Consent given again">
              <Notice status="info">The opt-out stays in the history. Say where and when the contact gave consent again.</Notice>
              <TextField
                label="Where it was given"
                placeholder="Sign-up form at the spring fair"
                {...text("consentWhere")}
                maxLength={500}
                autoComplete="off"
              />
              <TextField label="When it was given" type="date" {...text("consentGivenAt")} />
            </Stack>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** Where the API tells the problems of fields that have another name there. */
const paths: Partial<Record<keyof ContactDraft, string>> = { consentWhere: "consent.where", consentGivenAt: "consent.givenAt" };

const zones = timeZones();

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="3" borderTopWidth="1px" pt="4">
      <Heading as="h3" textStyle="label" color="fg.muted">
        {title}
      </Heading>
      {children}
    </Stack>
  );
}
