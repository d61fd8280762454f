import { Grid, GridItem, Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { WorkspacePatch } from "#contract/people.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { sessionQuery } from "#web/lib/session-query.ts";
import { useForm } from "#web/lib/use-form.ts";
import { useSession } from "#web/lib/use-session.ts";
import { countryOptions, zoneOptions } from "./places.ts";
import { Section } from "./section.tsx";

export function WorkspaceSettings() {
  const { workspace, can } = useSession();
  const queryClient = useQueryClient();
  const form = useForm({
    schema: WorkspacePatch,
    initial: { name: workspace.name, timeZone: workspace.timeZone, country: workspace.country },
    onSubmit: async (body) => {
      await api("updateWorkspace", { body });
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      toast({ title: "Workspace saved", status: "success" });
    },
  });
  const changed =
    form.values.name !== workspace.name || form.values.timeZone !== workspace.timeZone || form.values.country !== workspace.country;
  const locked = !can("admin");
  return (
    <Section title="Workspace" lead="What its members and its messages go by.">
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
                help="Times are shown in it."
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
                help="How a phone number without a country code is read."
                disabled={locked}
                value={form.values.country}
                onChange={(country) => form.set("country", country)}
                options={countryOptions()}
                error={form.problem("country")}
              />
            </GridItem>
          </Grid>
          <FormError error={form.error} shownAt={["name", "timeZone", "country"]} />
          {!locked && (
            <div>
              <Button tone="primary" type="submit" busy={form.busy} disabled={!changed}>
                Save workspace
              </Button>
            </div>
          )}
        </Stack>
      </form>
    </Section>
  );
}
