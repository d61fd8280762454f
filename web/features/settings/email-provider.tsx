import { chakra, Grid, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Inbox, type LucideIcon, Server } from "lucide-react";
import { useState } from "react";
import { type ProviderState, SmtpSettings } from "#contract/providers.ts";
import { Button } from "#ui/button.tsx";
import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { Notice } from "#ui/notice.tsx";
import { toast } from "#ui/toaster.tsx";
import { providersQuery } from "#web/entities/members/member-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { SmtpForm } from "./smtp-form.tsx";
import { TestMessageDialog } from "./test-message-dialog.tsx";

export function EmailProvider({ state }: { state: ProviderState | undefined }) {
  const { can } = useSession();
  const queryClient = useQueryClient();
  const inUse = state?.provider === "smtp" ? "smtp" : "catch";
  const [shown, setShown] = useState<"catch" | "smtp">(inUse);
  const [testing, setTesting] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const stored = SmtpSettings.safeParse(state?.settings);
  const catchAll = useMutation({
    mutationFn: () => api("setProvider", { params: { channel: "email" }, body: { provider: "catch" } }),
    onSuccess: async () => {
      setConfirming(false);
      await queryClient.invalidateQueries({ queryKey: providersQuery.queryKey });
      toast({ title: "E-mail is caught in the Inbox again", status: "success" });
    },
    onError: (error) => toast({ title: "Nothing was changed", description: error.message, status: "error" }),
  });

  return (
    <Stack gap="5">
      <Grid role="radiogroup" aria-label="E-mail provider" templateColumns={{ base: "1fr", md: "1fr 1fr" }} gap="3">
        <ProviderCard
          icon={Inbox}
          title="Catch in the Inbox"
          text="Nothing leaves this machine."
          inUse={inUse === "catch"}
          chosen={shown === "catch"}
          disabled={!can("admin")}
          onChoose={() => setShown("catch")}
        />
        <ProviderCard
          icon={Server}
          title="Mail server (SMTP)"
          text={stored.success && inUse === "smtp" ? `${stored.data.host}:${stored.data.port}` : "Real e-mail, through a server of yours."}
          inUse={inUse === "smtp"}
          chosen={shown === "smtp"}
          disabled={!can("admin")}
          onChoose={() => setShown("smtp")}
        />
      </Grid>
      {!can("admin") && <Notice status="info">Admins and owners change how messages leave.</Notice>}
      {can("admin") && shown === "smtp" && (
        <SmtpForm
          stored={stored.success ? stored.data : undefined}
          hasPassword={state?.hasSecret === true}
          inUse={inUse === "smtp"}
          onTest={() => setTesting(true)}
        />
      )}
      {can("admin") && shown === "catch" && (
        <Stack direction="row" gap="2">
          {inUse === "smtp" ? (
            <Button tone="primary" onClick={() => setConfirming(true)}>
              Catch all e-mail
            </Button>
          ) : (
            <Button icon={Inbox} onClick={() => setTesting(true)}>
              Send test message
            </Button>
          )}
        </Stack>
      )}
      <TestMessageDialog channel="email" provider={inUse} open={testing} onClose={() => setTesting(false)} />
      <ConfirmDialog
        open={confirming}
        onClose={() => setConfirming(false)}
        onConfirm={() => catchAll.mutate()}
        busy={catchAll.isPending}
        tone="primary"
        title="Stop sending e-mail?"
        confirmLabel="Catch all e-mail"
      >
        <Text>From now on no e-mail leaves this machine, also of flows that are under way. You find them in the Inbox.</Text>
      </ConfirmDialog>
    </Stack>
  );
}

interface ProviderCardProps {
  icon: LucideIcon;
  title: string;
  text: string;
  inUse: boolean;
  chosen: boolean;
  disabled: boolean;
  onChoose: () => void;
}

function ProviderCard({ icon: Glyph, title, text, inUse, chosen, disabled, onChoose }: ProviderCardProps) {
  return (
    <chakra.label
      display="flex"
      alignItems="flex-start"
      gap="3"
      p="3"
      borderWidth="1px"
      borderRadius="l2"
      cursor={disabled ? "default" : "pointer"}
      borderColor={chosen ? "accent.solid" : "border.emphasized"}
      bg={chosen ? "accent.subtle" : undefined}
      css={{ "&:has(:focus-visible)": { outline: "2px solid {colors.accent.focusRing}", outlineOffset: "2px" } }}
    >
      <chakra.input
        type="radio"
        name="email-provider"
        checked={chosen}
        disabled={disabled}
        onChange={onChoose}
        accentColor="accent.solid"
        mt="1"
        outline="none"
      />
      <chakra.span flex="1" minW="0">
        <chakra.span display="flex" alignItems="center" gap="2" fontWeight="medium">
          <Glyph aria-hidden size={16} />
          {title}
          {inUse && (
            <chakra.span ms="auto" textStyle="xs" color="fg.success" fontWeight="500">
              In use
            </chakra.span>
          )}
        </chakra.span>
        <chakra.span display="block" textStyle="sm" color="fg.muted" overflowWrap="anywhere">
          {text}
        </chakra.span>
      </chakra.span>
    </chakra.label>
  );
}
