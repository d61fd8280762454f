import { Box, Flex, Stack } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ApprovalSettings, ApprovalRules as Rules } from "#contract/approvals.ts";
import { Button } from "#ui/button.tsx";
import { Checkbox } from "#ui/fields/checkbox.tsx";
import { NumberField } from "#ui/fields/number-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { toast } from "#ui/toaster.tsx";
import { approvalRulesQuery } from "#web/entities/sends/approval-query.ts";
import { refreshSession } from "#web/entities/session/session-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import type { ApiError } from "#web/lib/api-error.ts";
import { FormError } from "#web/lib/form-error.tsx";
import { SaveButton } from "./save-button.tsx";

/** What is proposed where a number is turned on. */
const usualAbove = 500;

/** Which sends wait until an admin or owner has approved them. */
export function ApprovalRules() {
  const rules = useQuery(approvalRulesQuery);
  if (rules.isError) return <LoadError error={rules.error} onRetry={() => rules.refetch()} retrying={rules.isFetching} />;
  if (!rules.data) return <SkeletonRows rows={2} columns={["40%", "30%"]} />;
  return <RulesForm key={JSON.stringify(rules.data)} stored={rules.data} />;
}

function RulesForm({ stored: { approvers, ...stored } }: { stored: ApprovalSettings }) {
  const { can } = useSession();
  const client = useQueryClient();
  const [byNumber, setByNumber] = useState(stored.above !== null);
  const [above, setAbove] = useState<number | null>(stored.above ?? usualAbove);
  const [editors, setEditors] = useState(stored.editors);
  const [allFlows, setAllFlows] = useState(stored.allFlows);
  const next: Rules = { above: byNumber ? above : null, editors, allFlows: byNumber && allFlows };
  const isEmpty = byNumber && above === null;
  const changed =
    JSON.stringify(next) !== JSON.stringify({ above: stored.above, editors: stored.editors, allFlows: stored.allFlows } satisfies Rules);
  const save = useMutation<ApprovalSettings, ApiError, Rules>({
    mutationFn: (body) => api("saveApprovalRules", { body }),
    onSuccess: async (saved) => {
      client.setQueryData(approvalRulesQuery.queryKey, saved);
      await refreshSession(client);
      toast({ title: "Saved. It holds for sends from now on.", status: "success" });
    },
  });
  const isAlone = approvers < 2;
  const disabled = !can("admin");
  return (
    <Stack gap="4">
      <Checkbox
        label="Sends to many contacts"
        help="Whoever makes them: nobody approves their own."
        checked={byNumber}
        onChange={setByNumber}
        disabled={disabled || (isAlone && !byNumber)}
      />
      {byNumber && (
        <Stack gap="4" ps="7">
          <Box maxW="20rem">
            <NumberField
              label="More contacts than"
              min={1}
              max={10_000_000}
              value={above}
              onChange={setAbove}
              disabled={disabled}
              error={isEmpty ? "A number is needed" : save.error?.problems?.find(({ path }) => path === "above")?.message}
            />
          </Box>
          <Checkbox
            label="Count all flows together"
            help="All that a person sends within an hour counts. Otherwise each flow counts by itself, and a copy of a flow is another flow."
            checked={allFlows}
            onChange={setAllFlows}
            disabled={disabled}
          />
        </Stack>
      )}
      <Checkbox
        label="Every send by an editor"
        help="By hand or with an API key of theirs. Tests are not concerned, because nothing of them leaves."
        checked={editors}
        onChange={setEditors}
        disabled={disabled}
      />
      {isAlone && (
        <Notice status={stored.above === null ? "info" : "warning"}>
          {stored.above === null
            ? "There is only one admin or owner here, and nobody approves their own sends. Sends to many contacts can wait for approval once there are two."
            : `There is only one admin or owner left, and nobody approves their own sends. Their sends to more than ${stored.above.toLocaleString("en")} contacts are refused until there is another one or this is turned off.`}
        </Notice>
      )}
      {disabled ? (
        <Notice status="info">Admins and owners change this.</Notice>
      ) : (
        <>
          <FormError error={save.error} shownAt={["above"]} />
          <Flex gap="2">
            <SaveButton busy={save.isPending} changed={changed} disabled={!changed || isEmpty} onClick={() => save.mutate(next)}>
              Save approval
            </SaveButton>
            {changed && (
              <Button
                onClick={() => {
                  setByNumber(stored.above !== null);
                  setAbove(stored.above ?? usualAbove);
                  setEditors(stored.editors);
                  setAllFlows(stored.allFlows);
                  save.reset();
                }}
              >
                Undo
              </Button>
            )}
          </Flex>
        </>
      )}
    </Stack>
  );
}
