import { Flex, Stack } from "@chakra-ui/react";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { type ComponentType, Suspense, useState } from "react";
import { namesMailbox } from "#channels/provider-definition.ts";
import type { ProviderForm as Form, ProviderFieldsProps, ProviderLook } from "#channels/provider-form.tsx";
import { inputOf, type NamedProvider } from "#channels/providers.ts";
import type { Channel } from "#contract/messages.ts";
import type { ProviderInput, ProviderState } from "#contract/providers.ts";
import { Button } from "#ui/button.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { channelLook } from "#web/entities/channels/channel-look.ts";
import { providersQuery } from "#web/entities/providers/provider-queries.ts";
import { refreshQueue } from "#web/entities/queue/queue-query.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { InboundAddress } from "./inbound-address.tsx";
import { MailboxState } from "./mailbox-state.tsx";
import { TestMessageDialog } from "./test-message-dialog.tsx";

interface ProviderFormProps {
  channel: Channel;
  provider: NamedProvider;
  loadForm: NonNullable<ProviderLook["loadForm"]>;
  /** What the channel uses at the moment. */
  state: ProviderState | undefined;
}

/** The settings of a provider, with its own fields, which are loaded when they are looked at. */
export function ProviderForm(props: ProviderFormProps) {
  return (
    <Suspense fallback={<SkeletonRows rows={4} columns={["40%", "30%"]} />}>
      <LoadedForm {...props} />
    </Suspense>
  );
}

function LoadedForm(props: ProviderFormProps) {
  const { channel, provider, loadForm } = props;
  const { data } = useSuspenseQuery({ queryKey: ["provider-form", channel, provider.name], queryFn: loadForm, staleTime: Infinity });
  return <FilledForm {...props} form={data} />;
}

type Values = Record<string, unknown>;

function FilledForm({ channel, provider, state, form: parts }: ProviderFormProps & { form: Form<Values> }) {
  const queryClient = useQueryClient();
  const inUse = state?.provider === provider.name;
  const stored = inUse ? { hasSecret: state.hasSecret, ends: state.secretEnds } : { hasSecret: false, ends: {} };
  const [testing, setTesting] = useState<ProviderInput | null>(null);
  const save = async (body: ProviderInput, check: "yes" | "no") => {
    await api("setProvider", { params: { channel }, query: { check }, body });
    await Promise.all([queryClient.invalidateQueries({ queryKey: providersQuery.queryKey }), refreshQueue(queryClient)]);
    const title = `${channelLook[channel].name} now goes through ${provider.definition.way}`;
    toast({ title, description: "Send a test message to be sure.", status: "success" });
  };
  const form = useForm({
    schema: inputOf(provider),
    initial: parts.initial(inUse ? state.settings : undefined, stored),
    toBody: (values) => ({ provider: provider.name, ...parts.toInput(values) }),
    onSubmit: (body) => save(body, "yes"),
  });
  const saveUnchecked = useMutation({
    mutationFn: async () => {
      const body = form.read();
      if (body) await save(body, "no");
    },
    onError: (error) => toast({ title: "Nothing was changed", description: error.message, status: "error" }),
  });
  const Fields: ComponentType<ProviderFieldsProps<Values>> = parts.Fields;
  return (
    <>
      <form ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <Fields values={form.values} set={form.set} problem={form.problem} stored={stored} />
          {provider.definition.callsUs && (
            <InboundAddress channel={channel} provider={provider.name} inUse={inUse} howTo={provider.definition.callsUs} />
          )}
          {inUse && namesMailbox(state.settings) && <MailboxState channel={channel} />}
          <FormError error={form.error} shownAt={parts.shownAt} />
          <Flex gap="2" wrap="wrap">
            <Button tone="primary" type="submit" busy={form.busy}>
              {inUse ? parts.words.save : parts.words.use}
            </Button>
            {form.error?.code === "provider_unavailable" && (
              <Button onClick={() => saveUnchecked.mutate()} busy={saveUnchecked.isPending}>
                Save anyway
              </Button>
            )}
            <Button icon={Send} onClick={() => setTesting(form.read() ?? null)}>
              Send test message
            </Button>
          </Flex>
        </Stack>
      </form>
      {/* Outside the form: a submit in a dialog reaches the forms around it in React. */}
      <TestMessageDialog
        channel={channel}
        provider={provider}
        using={testing ?? undefined}
        reports={inUse && provider.definition.callsUs !== undefined}
        open={testing !== null}
        onClose={() => setTesting(null)}
      />
    </>
  );
}
