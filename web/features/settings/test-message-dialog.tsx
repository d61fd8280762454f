import { Stack } from "@chakra-ui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import type { Channel } from "#contract/messages.ts";
import { ProviderTest } from "#contract/providers.ts";
import { Button } from "#ui/button.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { useForm } from "#web/lib/use-form.ts";

interface TestMessageDialogProps {
  channel: Channel;
  provider: string;
  open: boolean;
  onClose: () => void;
}

/** One message by the provider in use, and the provider's own words on how it went. */
export function TestMessageDialog(props: TestMessageDialogProps) {
  // Drawn anew each time it opens: no result of yesterday in it.
  return props.open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ channel, provider, onClose }: TestMessageDialogProps) {
  const { user } = useSession();
  const formId = useId();
  const queryClient = useQueryClient();
  const [result, setResult] = useState<string | null>(null);
  const isEmail = channel === "email";
  const form = useForm({
    schema: ProviderTest,
    initial: { to: isEmail ? user.email : "" },
    onSubmit: async (body) => {
      setResult(null);
      const answer = await api("testProvider", { params: { channel }, body });
      setResult(answer.message);
      void queryClient.invalidateQueries({ queryKey: ["messages"] });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      closeable={!form.busy}
      title={isEmail ? "Send a test e-mail" : "Send a test SMS"}
      description={provider === "catch" ? "It is caught in the Inbox and reaches nobody." : "It really leaves, through your mail server."}
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
            type={isEmail ? "email" : "tel"}
            placeholder={isEmail ? undefined : "+1 312 555 0142"}
            value={form.values.to}
            onChange={(to) => form.set("to", to)}
            error={form.problem("to")}
          />
          {result !== null && (
            <Notice
              status="success"
              action={
                provider === "catch" && (
                  <Button asChild size="xs">
                    <Link to="/inbox" search={{}}>
                      Open Inbox
                    </Link>
                  </Button>
                )
              }
            >
              {result}
            </Notice>
          )}
          <FormError error={form.error} shownAt={["to"]} />
        </Stack>
      </form>
    </Dialog>
  );
}
