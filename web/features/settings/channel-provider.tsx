import { Grid, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { findProviderLook } from "#channels/provider-forms.tsx";
import { defaultProvider, findProvider, type NamedProvider, providers } from "#channels/providers.ts";
import type { Channel } from "#contract/messages.ts";
import type { ProviderState } from "#contract/providers.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { ProviderCard } from "./provider-card.tsx";
import { ProviderForm } from "./provider-form.tsx";
import { Row, Rows } from "./section.tsx";
import { TestMessageDialog } from "./test-message-dialog.tsx";

interface ChannelProviderProps {
  channel: Channel;
  state: ProviderState | undefined;
}

/** Which provider a channel uses, and the settings of the one that is looked at. */
export function ChannelProvider({ channel, state }: ChannelProviderProps) {
  const { can } = useSession();
  const inUse = findProvider(channel, state?.provider ?? "") ?? defaultProvider(channel);
  const [shownName, setShownName] = useState(inUse.name);
  const [testing, setTesting] = useState(false);
  const possible = Object.keys(providers[channel]).flatMap((name) => findProvider(channel, name) ?? []);
  const shown = findProvider(channel, shownName) ?? inUse;
  const loadForm = findProviderLook(channel, shown.name)?.loadForm;
  const { name, noun } = channelLook[channel];
  const test = () => setTesting(true);

  return (
    <Stack gap="5">
      {possible.length === 1 ? (
        <OnlyProvider channel={channel} provider={inUse} onTest={test} />
      ) : (
        <Grid role="radiogroup" aria-label={`${name} provider`} templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="3">
          {possible.map((provider) => (
            <ProviderCard
              key={provider.name}
              name={`${channel}-provider`}
              icon={findProviderLook(channel, provider.name)?.Icon ?? Inbox}
              title={provider.definition.label}
              text={describeProvider(provider, provider.name === inUse.name ? state?.settings : undefined)}
              inUse={provider.name === inUse.name}
              chosen={provider.name === shown.name}
              disabled={!can("admin")}
              onChoose={() => setShownName(provider.name)}
            />
          ))}
        </Grid>
      )}
      {possible.length > 1 && !can("admin") && <Notice status="info">Admins and owners change how messages leave.</Notice>}
      {can("admin") && loadForm && <ProviderForm key={shown.name} channel={channel} provider={shown} loadForm={loadForm} state={state} />}
      {can("admin") && !loadForm && possible.length > 1 && (
        <Stack direction="row" gap="2">
          {shown.name === inUse.name ? (
            <Button icon={Inbox} onClick={test}>
              Send test message
            </Button>
          ) : (
            <StopSending channel={channel} provider={shown} noun={noun} />
          )}
        </Stack>
      )}
      <TestMessageDialog channel={channel} provider={inUse} open={testing} onClose={() => setTesting(false)} />
    </Stack>
  );
}

function describeProvider({ definition }: NamedProvider, settings: unknown): string {
  const stored = definition.settings.safeParse(settings);
  return (stored.success && definition.summary?.(stored.data)) || definition.description;
}

/** A channel without a choice. */
function OnlyProvider({ channel, provider, onTest }: { channel: Channel; provider: NamedProvider; onTest: () => void }) {
  const { can } = useSession();
  return (
    <Rows label={`${channelLook[channel].name} provider`}>
      <Row
        stacked
        actions={
          can("admin") && (
            <Button icon={Inbox} onClick={onTest}>
              Send test message
            </Button>
          )
        }
      >
        <Text fontWeight="medium">{provider.definition.label}</Text>
        <Text textStyle="sm" color="fg.muted">
          {provider.definition.description}
        </Text>
      </Row>
    </Rows>
  );
}

/** Changes to a provider that needs no settings and keeps messages here. It asks first, because messages then reach nobody. */
function StopSending({ channel, provider, noun }: { channel: Channel; provider: NamedProvider; noun: string }) {
  const queryClient = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  const stop = useMutation({
    mutationFn: () => api("setProvider", { params: { channel }, body: { provider: provider.name } }),
    onSuccess: async () => {
      setConfirming(false);
      await queryClient.invalidateQueries({ queryKey: providersQuery.queryKey });
      toast({ title: `${channelLook[channel].name} is in test mode again: nothing leaves this machine`, status: "success" });
    },
    onError: (error) => toast({ title: "Nothing was changed", description: error.message, status: "error" }),
  });
  return (
    <>
      <Button tone="primary" onClick={() => setConfirming(true)}>
        Test mode: stop real {noun}
      </Button>
      <ConfirmDialog
        open={confirming}
        onClose={() => setConfirming(false)}
        onConfirm={() => stop.mutate()}
        busy={stop.isPending}
        tone="primary"
        title={`Stop sending ${noun}?`}
        confirmLabel={`Test mode: stop real ${noun}`}
      >
        <Text>From now on no {noun} leaves this machine, also of flows that are under way. They are listed under Sent messages.</Text>
      </ConfirmDialog>
    </>
  );
}
