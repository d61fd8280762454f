import { Box, Flex, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { LinkTracking as Rules } from "#contract/link-tracking.ts";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { useSession } from "#web/entities/session/use-session.ts";
import { linkTrackingQuery } from "#web/entities/workspace/link-tracking-query.ts";
import { api } from "#web/lib/api.ts";
import type { ApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { SaveButton } from "./save-button.tsx";

/** Whether clicks and opens are noted, and the domain of short links. */
export function LinkTracking() {
  const rules = useQuery(linkTrackingQuery);
  if (rules.isError) return <LoadError error={rules.error} onRetry={() => rules.refetch()} retrying={rules.isFetching} />;
  if (!rules.data) return <SkeletonRows rows={3} columns={["40%", "30%"]} />;
  return <TrackingForm key={JSON.stringify(rules.data)} stored={rules.data} />;
}

function TrackingForm({ stored }: { stored: Rules }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [rules, setRules] = useState(stored);
  const [domain, setDomain] = useState(stored.shortDomain ?? "");
  const next: Rules = { ...rules, shortDomain: domain.trim() === "" ? null : domain.trim() };
  const changed = JSON.stringify(next) !== JSON.stringify(stored);
  const save = useMutation<Rules, ApiError, Rules>({
    mutationFn: (body) => api("saveLinkTracking", { body }),
    onSuccess: (saved) => {
      client.setQueryData(linkTrackingQuery.queryKey, saved);
      toast({ title: "Saved. It holds for messages that leave from now on.", status: "success" });
    },
  });
  const disabled = !can("admin");
  const problem = save.error?.problems?.find(({ path }) => path === "shortDomain")?.message;
  return (
    <Stack gap="4">
      <Checkbox
        label="Note who clicks links"
        help="Links in e-mails of flows lead through this server and then to their page. Links to unsubscribe, e-mail addresses and phone numbers stay as they are."
        checked={rules.clicks}
        onChange={(clicks) => setRules({ ...rules, clicks })}
        disabled={disabled}
      />
      {rules.clicks && (
        <Box maxW="26rem" ps="7">
          <TextField
            label="Domain for short links in SMS"
            required={false}
            placeholder="go.example.com"
            value={domain}
            onChange={setDomain}
            disabled={disabled}
            error={problem}
            mono
            help="A domain of your own that leads to this server by https. Links that begin with https:// then become short, which counts for the length of the message. Empty: links in SMS stay as they are."
          />
        </Box>
      )}
      <Checkbox
        label="Note who opens e-mails (unreliable)"
        help="E-mails get a picture that nobody sees. Many mail programs load it by themselves, and others never do, so the numbers say little. In some countries people must have agreed to it before."
        checked={rules.opens}
        onChange={(opens) => setRules({ ...rules, opens })}
        disabled={disabled}
      />
      {disabled ? (
        <Notice status="info">Admins and owners change this.</Notice>
      ) : (
        <>
          <FormError error={save.error} shownAt={["shortDomain"]} />
          <Flex gap="2" align="center" wrap="wrap">
            <SaveButton busy={save.isPending} changed={changed} onClick={() => save.mutate(next)}>
              Save clicks and opens
            </SaveButton>
            {changed && (
              <Button
                onClick={() => {
                  setRules(stored);
                  setDomain(stored.shortDomain ?? "");
                  save.reset();
                }}
              >
                Undo
              </Button>
            )}
          </Flex>
        </>
      )}
      <Text textStyle="xs" color="fg.muted">
        What is noted goes when a contact is erased. Messages that people write by hand are left as they are.
      </Text>
    </Stack>
  );
}
