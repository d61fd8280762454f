import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SendingDomain } from "#contract/sending-domain.ts";
import { Button } from "#ui/button.tsx";
import { TextAreaField } from "#ui/fields/text-area-field.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { toast } from "#ui/toaster.tsx";
import { sendingDomainQuery } from "#web/entities/providers/sending-domain-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import type { ApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { SaveButton } from "./save-button.tsx";

/** An admin's word that the records are right, for an installation that cannot look them up. It is recorded with their name. */
export function DomainStatement({ found: { proof, statement } }: { found: SendingDomain }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const save = useMutation<SendingDomain, ApiError, string | null>({
    mutationFn: (text) => api("stateSendingDomain", { body: { text } }),
    onSuccess: (next, text) => {
      client.setQueryData(sendingDomainQuery.queryKey, next);
      setTyped(null);
      toast({ title: text === null ? "The statement was taken back" : "The statement was recorded", status: "success" });
    },
  });
  if (statement) {
    return (
      <Notice
        status="info"
        title={`${statement.byName} vouches for the domain`}
        action={
          can("admin") && (
            <Button size="xs" busy={save.isPending} onClick={() => save.mutate(null)}>
              Take back
            </Button>
          )
        }
      >
        “{statement.text}” <RelativeTime at={statement.at} />
      </Notice>
    );
  }
  if (proof !== null || !can("admin")) return null;
  if (typed === null) {
    return (
      <Flex gap="2" align="center" wrap="wrap">
        <Text textStyle="sm" color="fg.muted">
          This installation cannot look up DNS, or sees other records than the internet?
        </Text>
        <Button size="xs" onClick={() => setTyped("")}>
          Vouch for the domain
        </Button>
      </Flex>
    );
  }
  const problem = save.error?.problems.find(({ path }) => path === "text")?.message;
  return (
    <Stack gap="3">
      <TextAreaField
        label="Who has set the records, and when"
        rows={2}
        placeholder="Our hoster set SPF, DKIM and DMARC on 3 May; checked with their tool."
        help="Recorded with your name in the audit log. The limit ends at once."
        value={typed}
        onChange={setTyped}
        error={problem}
      />
      <FormError error={save.error} shownAt={["text"]} />
      <Flex gap="2">
        <SaveButton
          busy={save.isPending}
          changed={typed.trim() !== ""}
          disabled={typed.trim().length < 10}
          onClick={() => save.mutate(typed.trim())}
        >
          Record the statement
        </SaveButton>
        <Button onClick={() => setTyped(null)}>Cancel</Button>
      </Flex>
    </Stack>
  );
}
