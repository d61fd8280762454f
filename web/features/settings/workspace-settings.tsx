import { Grid, GridItem, Stack } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { z } from "zod";
import type { DoubtRule } from "#contract/people.ts";
import { WorkspacePatch } from "#contract/workspace-changes.ts";
import { NumberField } from "#ui/fields/number-field.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { refreshContacts } from "#web/entities/contacts/contact-queries.ts";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { countryOptions } from "#web/lib/countries.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { zoneOptions } from "#web/lib/time-zone-options.ts";
import { useForm } from "#web/lib/use-form.ts";
import { type Reread, RereadNumbersDialog } from "./reread-numbers-dialog.tsx";
import { SaveButton } from "./save-button.tsx";
import { Section } from "./section.tsx";

interface Values {
  name: string;
  timeZone: string;
  country: string;
  undoSeconds: number | null;
  emailInDoubt: DoubtRule;
  smsInDoubt: DoubtRule;
}

type Patch = z.input<typeof WorkspacePatch>;

const nameOf = (code: string): string => countryOptions().find(({ value }) => value === code)?.label ?? code;

const doubtOptions: { value: DoubtRule; label: string }[] = [
  { value: "hold", label: "Hold it until a person decides" },
  { value: "resend", label: "Send it once more" },
];

export function WorkspaceSettings() {
  const { workspace, can } = useSession();
  const queryClient = useQueryClient();
  const { name, timeZone, country, undoSeconds, emailInDoubt, smsInDoubt } = workspace;
  const initial: Values = { name, timeZone, country, undoSeconds, emailInDoubt, smsInDoubt };
  const [asking, setAsking] = useState<Patch | null>(null);
  const save = async (body: Patch) => {
    await api("updateWorkspace", { body });
    await refreshSession(queryClient);
    toast({ title: "Workspace saved", status: "success" });
  };
  const form = useForm({
    // Empty is not "leave it as it is".
    schema: WorkspacePatch.required({ undoSeconds: true }),
    initial,
    onSubmit: async (body) => {
      // Another country reads numbers in another way. How many is shown before it is saved.
      if (body.country !== undefined && body.country !== country) setAsking(body);
      else await save(body);
    },
  });
  const changeCountry = useMutation({
    mutationFn: (which: Reread) => save({ ...asking, rereadNumbers: which }),
    onSuccess: async () => {
      setAsking(null);
      await refreshContacts(queryClient);
    },
  });
  const changed = (Object.keys(initial) as (keyof Values)[]).some((field) => form.values[field] !== initial[field]);
  const locked = !can("admin");
  return (
    <Section title="Workspace" lead="Its name, time zone and country, and the rules for its messages.">
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          {locked && <Notice status="info">Admins and owners change these.</Notice>}
          <TextField
            label="Name"
            disabled={locked}
            value={form.values.name}
            onChange={(name) => form.set("name", name)}
            error={form.problem("name")}
          />
          <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
            <GridItem>
              <SelectField
                label="Time zone"
                help="Times are shown in this time zone."
                disabled={locked}
                value={form.values.timeZone}
                onChange={(zone) => form.set("timeZone", zone)}
                options={zoneOptions(workspace.timeZone)}
                error={form.problem("timeZone")}
              />
            </GridItem>
            <GridItem>
              <SelectField
                label="Country"
                help={`A phone number without a country code is read as a number of this country.${
                  workspace.smsCountries.length === 1 && workspace.smsCountries[0] === country
                    ? " SMS go only there until more countries are allowed under Channels."
                    : ""
                }`}
                disabled={locked}
                value={form.values.country}
                onChange={(country) => form.set("country", country)}
                options={countryOptions()}
                error={form.problem("country")}
              />
            </GridItem>
          </Grid>
          <NumberField
            label="Seconds to undo a send"
            help="You can undo a send within this time, before any message leaves. With 0 messages leave at once; 60 is the most."
            min={0}
            max={60}
            width="24"
            disabled={locked}
            value={form.values.undoSeconds}
            onChange={(seconds) => form.set("undoSeconds", seconds)}
            error={form.problem("undoSeconds")}
          />
          <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="4">
            <GridItem>
              <SelectField
                label="If we can't tell whether an e-mail was sent"
                help="This happens when a server stops in the middle of sending. If we send the message again, it may arrive twice."
                disabled={locked}
                value={form.values.emailInDoubt}
                onChange={(rule) => form.set("emailInDoubt", rule as DoubtRule)}
                options={doubtOptions}
                error={form.problem("emailInDoubt")}
              />
            </GridItem>
            <GridItem>
              <SelectField
                label="If we can't tell whether a text message was sent"
                help="We ask the provider first. If it cannot tell either and we send it again, the contact may get it twice, and you pay for both."
                disabled={locked}
                value={form.values.smsInDoubt}
                onChange={(rule) => form.set("smsInDoubt", rule as DoubtRule)}
                options={doubtOptions}
                error={form.problem("smsInDoubt")}
              />
            </GridItem>
          </Grid>
          <FormError error={form.error} shownAt={["name", "timeZone", "country", "undoSeconds", "emailInDoubt", "smsInDoubt"]} />
          {!locked && (
            <div>
              <SaveButton type="submit" busy={form.busy} changed={changed}>
                Save workspace
              </SaveButton>
            </div>
          )}
        </Stack>
      </form>
      <RereadNumbersDialog
        country={asking?.country ?? null}
        countryName={nameOf(asking?.country ?? form.values.country)}
        before={nameOf(country)}
        busy={changeCountry.isPending}
        error={changeCountry.error?.message}
        onClose={() => {
          changeCountry.reset();
          setAsking(null);
        }}
        onConfirm={changeCountry.mutate}
      />
    </Section>
  );
}
