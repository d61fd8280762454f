import { Box, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { type SendingDomain as Domain, type DomainReport, unprovenMarketingPerDay } from "#contract/sending-domain.ts";
import { Button } from "#ui/button.tsx";
import { CopyField } from "#ui/copy-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { Notice } from "#ui/notice.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { StatusBadge } from "#ui/status-badge.tsx";
import { toast } from "#ui/toaster.tsx";
import { sendingDomainQuery } from "#web/entities/providers/sending-domain-query.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { api } from "#web/lib/api.ts";
import { DomainStatement } from "./domain-statement.tsx";
import { domainStates, rowTitles } from "./domain-words.ts";

/** Whether mailbox providers can see that the workspace may send for its domain, with the records to enter where they cannot. */
export function SendingDomain() {
  const domain = useQuery(sendingDomainQuery);
  if (domain.isError) return <LoadError error={domain.error} onRetry={() => domain.refetch()} retrying={domain.isFetching} />;
  if (!domain.data) return <SkeletonRows rows={4} columns={["20%", "60%"]} />;
  return <KnownDomain found={domain.data} />;
}

function KnownDomain({ found }: { found: Domain }) {
  const { can } = useSession();
  const client = useQueryClient();
  const { domain, isReserved, report } = found;
  const check = useMutation({
    mutationFn: () => api("checkSendingDomain", {}),
    onSuccess: (next) => client.setQueryData(sendingDomainQuery.queryKey, next),
    onError: (error) => toast({ title: "The domain was not checked", description: error.message, status: "error" }),
  });
  if (domain === null) return null;
  return (
    <Stack gap="3" mt="6">
      <Flex gap="3" align="flex-start" wrap="wrap">
        <Stack gap="0.5" flex="1" minW="14rem">
          <Heading as="h3" textStyle="sm" fontWeight="600" overflowWrap="anywhere">
            Sending domain {domain}
          </Heading>
          <Text color="fg.muted" textStyle="sm">
            Gmail, Yahoo and Outlook take mail of larger senders only if these records stand in DNS.
            {report && (
              <>
                {" "}
                Looked up <RelativeTime at={report.checkedAt} />; it is looked up every day.
              </>
            )}
          </Text>
        </Stack>
        {can("admin") && !isReserved && (
          <Button icon={RotateCw} busy={check.isPending} onClick={() => check.mutate()}>
            Check now
          </Button>
        )}
      </Flex>
      {isReserved ? (
        <Notice status="info">Nobody can have this domain; it is for tests. There is nothing to check.</Notice>
      ) : (
        <>
          <Limit found={found} />
          {report && <Report report={report} />}
          <DomainStatement found={found} />
        </>
      )}
    </Stack>
  );
}

/** What the state of the domain means for marketing. */
function Limit({ found: { proof, report, usedToday } }: { found: Domain }) {
  if (proof !== null) return null;
  return (
    <Notice status="warning" title={`No more than ${unprovenMarketingPerDay} marketing e-mails leave in a day`}>
      {report
        ? "Once SPF, DKIM and DMARC are right, the others follow at once."
        : "The domain was not checked yet. It is within some minutes, or now by the button."}{" "}
      Used of this day: {usedToday.toLocaleString("en-US")}. Other kinds of e-mail are not concerned.
    </Notice>
  );
}

function Report({ report: { rows } }: { report: DomainReport }) {
  return (
    <Box as="ul" listStyleType="none" borderWidth="1px" borderRadius="l2" aria-label="Records of the domain">
      {rows.map(({ id, state, text, found, record }) => (
        <Stack as="li" key={id} gap="2" p="3" borderTopWidth="1px" _first={{ borderTopWidth: "0" }}>
          <Flex gap="2" align="center" wrap="wrap">
            <Text fontWeight="medium">{rowTitles[id]}</Text>
            <StatusBadge {...domainStates[state]} />
          </Flex>
          <Text textStyle="sm">{text}</Text>
          {found.map((value) => (
            <Text key={value} textStyle="xs" fontFamily="mono" color="fg.muted" overflowWrap="anywhere">
              {value}
            </Text>
          ))}
          {record && (
            <Stack gap="2">
              <CopyField label={`Name of the ${record.type} record for ${rowTitles[id]}`} value={record.name} />
              <CopyField label={`Value of the ${record.type} record for ${rowTitles[id]}`} value={record.value} />
            </Stack>
          )}
        </Stack>
      ))}
    </Box>
  );
}
