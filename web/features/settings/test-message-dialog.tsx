import { Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import type { NamedProvider } from "#channels/providers.ts";
import type { Channel } from "#contract/messages.ts";
import { type ProviderInput, ProviderTest } from "#contract/providers.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { refreshMessages } from "#web/entities/messages/message-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";
import { channelWords } from "./channel-words.ts";
import { RoundTrip } from "./round-trip.tsx";

interface TestMessageDialogProps {
  channel: Channel;
  provider: NamedProvider;
  /** Settings as they are typed, which need not be stored; without them the provider in use is tried. */
  using?: ProviderInput | undefined;
  /** Whether the provider reports on it to us: where it is in use, so that its calls are known. */
  reports?: boolean;
  open: boolean;
  onClose: () => void;
}

/** Sends one message through the provider in use, and shows the provider's own words on how it went. */
export function TestMessageDialog(props: TestMessageDialogProps) {
  // It is mounted again each time it opens, so it never shows an earlier result.
  return props.open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ channel, provider, using, reports = false, onClose }: TestMessageDialogProps) {
  const { user } = useSession();
  const formId = useId();
  const queryClient = useQueryClient();
  const [result, setResult] = useState<{ message: string; messageId: string } | null>(null);
  const { testTitle, addressType, addressExample } = channelWords[channel];
  const { staysHere, way } = provider.definition;
  const form = useForm({
    schema: ProviderTest,
    initial: { to: addressType === "email" ? user.email : "" },
    onSubmit: async (body) => {
      setResult(null);
      const answer = await api("testProvider", { params: { channel }, body: { ...body, ...(using && { using }) } });
      setResult(answer);
      void refreshMessages(queryClient);
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!form.busy}
      title={testTitle}
      description={staysHere ? "It is kept under Sent messages and reaches nobody." : `It is really sent, through ${way}.`}
      footer={
        <>
          <Button onClick={onClose} disabled={form.busy}>
            {result === null ? "Cancel" : "Close"}
          </Button>
          <Button tone={result === null ? "primary" : "secondary"} type="submit" form={formId} busy={form.busy}>
            {result === null ? "Send test message" : "Send another"}
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} onSubmit={form.submit} noValidate>
        <Stack gap="4">
          <TextField
            label="To"
            type={addressType}
            placeholder={addressExample}
            value={form.values.to}
            onChange={(to) => form.set("to", to)}
            error={form.problem("to")}
          />
          {result !== null && (
            <Notice
              status="success"
              action={
                staysHere && (
                  <Button asChild size="xs">
                    <Link to="/inbox" search={{ view: "sent" }}>
                      Open Sent messages
                    </Link>
                  </Button>
                )
              }
            >
              {result.message}
            </Notice>
          )}
          {result !== null && reports && <RoundTrip key={result.messageId} channel={channel} messageId={result.messageId} way={way} />}
          <FormError error={form.error} shownAt={["to"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
