import { Box, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Grants, Role } from "#contract/people.ts";
import { ConfirmDialog, type ConfirmDialogProps } from "#ui/confirm-dialog.tsx";
import { formatExact } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { useZone } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { endingGrantsQuery } from "#web/entities/members/member-queries.ts";
import { roleWords } from "#web/entities/members/role-words.ts";

interface EndingAccessDialogProps extends Omit<ConfirmDialogProps, "children" | "disabled"> {
  userId: string;
  /** Undefined if the member is removed. */
  roleAfter: Role | undefined;
  children: ReactNode;
}

/** Asks before a member loses access, and lists the API keys and invitations of theirs that end with it, and the sends that do not. */
export function EndingAccessDialog({ userId, roleAfter, children, ...dialog }: EndingAccessDialogProps) {
  const grants = useQuery({ ...endingGrantsQuery(userId, roleAfter), enabled: dialog.open });
  return (
    <ConfirmDialog {...dialog} disabled={!grants.data}>
      <Stack gap="3">
        <Text>{children}</Text>
        {grants.isError ? (
          <LoadError error={grants.error} onRetry={() => grants.refetch()} retrying={grants.isFetching} />
        ) : grants.data ? (
          <>
            <EndingGrants grants={grants.data} />
            <SendsGoingOn sends={grants.data.sends} />
          </>
        ) : (
          <SkeletonRows rows={1} columns={["60%"]} rowHeight="6" />
        )}
      </Stack>
    </ConfirmDialog>
  );
}

function EndingGrants({ grants: { apiKeys, invitations } }: { grants: Grants }) {
  if (apiKeys.length + invitations.length === 0) return null;
  return (
    <>
      {apiKeys.length > 0 && (
        <Stack gap="1">
          <Text textStyle="sm" fontWeight="medium">
            {apiKeys.length === 1 ? "This API key stops working" : `These ${apiKeys.length.toLocaleString("en")} API keys stop working`}
          </Text>
          <Names label="API keys that stop working" names={apiKeys.map(({ id, name }) => ({ id, text: name }))} />
        </Stack>
      )}
      {invitations.length > 0 && (
        <Stack gap="1">
          <Text textStyle="sm" fontWeight="medium">
            {invitations.length === 1
              ? "This invitation is taken back"
              : `These ${invitations.length.toLocaleString("en")} invitations are taken back`}
          </Text>
          <Names
            label="Invitations that are taken back"
            names={invitations.map(({ id, email, role }) => ({ id, text: `${email}, as ${roleWords[role].article}` }))}
          />
        </Stack>
      )}
      <Text textStyle="sm" color="fg.muted">
        If they are still needed, somebody who stays should make new ones first.
      </Text>
    </>
  );
}

/** They are the workspace's, so they do not end with whoever made them. */
function SendsGoingOn({ sends }: Pick<Grants, "sends">) {
  const zone = useZone();
  if (sends.length === 0) return null;
  return (
    <Stack gap="1">
      <Text textStyle="sm" fontWeight="medium">
        {sends.length === 1 ? "This send goes on" : `These ${sends.length.toLocaleString("en")} sends go on`}
      </Text>
      <Names
        label="Sends that go on"
        names={sends.map(({ id, flowName, startAt }) => ({
          id,
          text: startAt === null ? `${flowName}, under way` : `${flowName}, planned for ${formatExact(startAt, zone)}`,
        }))}
      />
      <Text textStyle="sm" color="fg.muted">
        Stop those that should not leave, on the page Sends.
      </Text>
    </Stack>
  );
}

function Names({ label, names }: { label: string; names: { id: string; text: string }[] }) {
  return (
    <Box as="ul" aria-label={label} ps="5" listStyleType="disc" textStyle="sm" maxH="10rem" overflowY="auto">
      {names.map(({ id, text }) => (
        <Box as="li" key={id} overflowWrap="anywhere">
          {text}
        </Box>
      ))}
    </Box>
  );
}
