import { Box, chakra, Grid, Icon, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FlaskConical, type LucideIcon, Sprout } from "lucide-react";
import { useState } from "react";
import { WorkspaceInput } from "#contract/workspace-changes.ts";
import { Button } from "#ui/button.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { ProgressBar } from "#ui/progress-bar.tsx";
import { sessionQuery } from "#web/entities/session/session-query.ts";
import { useEnterWorkspace } from "#web/entities/workspace/enter-workspace.ts";
import { api } from "#web/lib/api.ts";
import { browserCountry } from "#web/lib/countries.ts";
import { setCurrentWorkspace } from "#web/lib/current-workspace.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { browserZone } from "./browser-zone.ts";
import { CountryField } from "./country-field.tsx";
import { TimeZoneField } from "./time-zone-field.tsx";

/** The choice after the claim: a demo workspace with made-up contacts, or an empty workspace. */
export function StartChoice({ onEntered }: { onEntered: () => void }) {
  const session = useQuery(sessionQuery);
  const enter = useEnterWorkspace(onEntered);
  const [naming, setNaming] = useState(false);
  const demo = useMutation({ mutationFn: () => api("createDemoWorkspace"), onSuccess: enter });
  const existing = session.data?.workspaces.find((workspace) => !workspace.isDemo);

  if (demo.isPending) {
    return (
      <Stack gap="3" py="2">
        <ProgressBar label="Loading the demo workspace" showLabel value={null} max={1} />
        <Text textStyle="sm" color="fg.muted">
          10,000 made-up contacts and three flows. It takes a few seconds.
        </Text>
      </Stack>
    );
  }
  if (naming) return <NameForm id={existing?.id ?? null} name={existing?.name ?? ""} onDone={enter} onBack={() => setNaming(false)} />;
  return (
    <Stack gap="4">
      {demo.isError && <Notice status="error">{demo.error.message}</Notice>}
      <Grid templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="3">
        <Choice
          icon={FlaskConical}
          title="Load the demo workspace"
          text="10,000 made-up contacts, three flows. Every message is kept under Sent messages; nothing leaves this machine."
          onChoose={() => demo.mutate()}
        />
        <Choice
          icon={Sprout}
          title="Start empty"
          text="Add or import your own contacts. Nothing is sent until you set up a provider."
          onChoose={() => setNaming(true)}
        />
      </Grid>
      <Text textStyle="xs" color="fg.muted">
        You can have both: workspaces are separate, and you switch between them at the top left.
      </Text>
    </Stack>
  );
}

function Choice({ icon: Glyph, title, text, onChoose }: { icon: LucideIcon; title: string; text: string; onChoose: () => void }) {
  return (
    <chakra.button
      type="button"
      onClick={onChoose}
      textAlign="start"
      borderWidth="1px"
      borderColor="border.emphasized"
      borderRadius="l2"
      p="4"
      cursor="pointer"
      transition="border-color 120ms, background 120ms"
      _hover={{ borderColor: "accent.solid", bg: "accent.subtle" }}
      focusVisibleRing="outside"
    >
      <Icon boxSize="5" color="accent.fg" mb="3">
        <Glyph aria-hidden strokeWidth={1.75} />
      </Icon>
      <Box fontWeight="medium">{title}</Box>
      <Box textStyle="sm" color="fg.muted" mt="1">
        {text}
      </Box>
    </chakra.button>
  );
}

interface NameFormProps {
  /** The empty workspace that came with the claim; null when there is none to name. */
  id: string | null;
  name: string;
  onDone: (workspace: { id: string }) => Promise<void>;
  onBack: () => void;
}

function NameForm({ id, name, onDone, onBack }: NameFormProps) {
  const queryClient = useQueryClient();
  const form = useForm({
    schema: WorkspaceInput.required({ country: true, timeZone: true }),
    // Those of the browser are the best first guess.
    initial: { name, country: browserCountry(), timeZone: browserZone() },
    onSubmit: async (body) => {
      const workspace = id === null ? await api("createWorkspace", { body }) : { id };
      setCurrentWorkspace(workspace.id);
      if (id !== null) {
        await api("updateWorkspace", { body });
        await api("updateFirstSteps", { body: { confirm: ["country", "timeZone"] } });
      }
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await onDone(workspace);
    },
  });
  return (
    <form ref={form.form} onSubmit={form.submit} noValidate>
      <Stack gap="4">
        <TextField
          label="Name of the workspace"
          help="Your business, or the part of it that works here."
          autoFocus
          value={form.values.name}
          onChange={(value) => form.set("name", value)}
          error={form.problem("name")}
        />
        <CountryField value={form.values.country} onChange={(country) => form.set("country", country)} error={form.problem("country")} />
        <TimeZoneField value={form.values.timeZone} onChange={(zone) => form.set("timeZone", zone)} error={form.problem("timeZone")} />
        <FormError error={form.error} shownAt={["name", "country", "timeZone"]} />
        <Box display="flex" gap="2" justifyContent="flex-end">
          <Button onClick={onBack}>Back</Button>
          <Button tone="primary" type="submit" busy={form.busy}>
            Open workspace
          </Button>
        </Box>
      </Stack>
    </form>
  );
}
