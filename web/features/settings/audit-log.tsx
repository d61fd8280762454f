import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { infiniteQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { AuditEntry } from "#contract/audit.ts";
import { Button } from "#ui/button.tsx";
import { SelectField } from "#ui/fields/select-field.tsx";
import { TextField } from "#ui/fields/text-field.tsx";
import { LoadError } from "#ui/load-error.tsx";
import { RelativeTime } from "#ui/relative-time.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { membersQuery } from "#web/entities/members/member-queries.ts";
import { api } from "#web/lib/api.ts";
import { auditDetails } from "./audit-details.ts";
import { auditSentence, auditSubject, auditSubjects } from "./audit-words.ts";
import { Row, Rows, Section } from "./section.tsx";

interface Narrowing {
  subject: (typeof auditSubjects)[number]["value"];
  /** A user id, or "all". */
  person: string;
  /** Days as the browser's own field writes them; empty for none. */
  from: string;
  until: string;
}

const everything: Narrowing = { subject: "all", person: "all", from: "", until: "" };

const auditQuery = ({ subject, person, from, until }: Narrowing) =>
  infiniteQueryOptions({
    queryKey: ["audit-log", subject, person, from, until],
    queryFn: ({ pageParam, signal }) =>
      api("listAuditLog", {
        query: {
          limit: 50,
          cursor: pageParam,
          subjectType: subject === "all" ? undefined : subject,
          actorId: person === "all" ? undefined : person,
          from: startOf(from, 0),
          until: startOf(until, 1),
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: 0,
  });

/** The beginning of a day where the person is, or of one so many days later. */
function startOf(day: string, later: number): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date || year < 1900 || year > 2998) return undefined;
  return new Date(year, month - 1, date + later).toISOString();
}

/** Shows who changed, exported or tried what in the workspace, newest first. Nothing can be removed from it. */
export function AuditLog() {
  const [narrowing, setNarrowing] = useState(everything);
  const log = useInfiniteQuery(auditQuery(narrowing));
  const entries = log.data?.pages.flatMap((page) => page.items) ?? [];
  const isNarrowed = Object.entries(everything).some(([key, value]) => narrowing[key as keyof Narrowing] !== value);
  return (
    <Section title="Audit log" lead="Who changed, exported or tried what in this workspace. Entries cannot be changed or removed.">
      <Filters narrowing={narrowing} onChange={(change) => setNarrowing({ ...narrowing, ...change })} />
      {log.isPending ? (
        <SkeletonRows rows={6} columns={["60%", "25%"]} rowHeight="12" label="Loading the audit log" />
      ) : log.isError && !log.data ? (
        <LoadError
          title="The audit log could not be loaded"
          error={log.error}
          onRetry={() => void log.refetch()}
          retrying={log.isFetching}
        />
      ) : entries.length === 0 ? (
        <Flex gap="3" align="center" wrap="wrap">
          <Text color="fg.muted" textStyle="sm">
            {isNarrowed ? "There are no entries like these." : "Nothing has happened yet."}
          </Text>
          {isNarrowed && <Button onClick={() => setNarrowing(everything)}>Show everything</Button>}
        </Flex>
      ) : (
        <>
          <Rows label="Audit log">
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </Rows>
          {log.isFetchNextPageError && (
            <LoadError title="More could not be loaded" error={log.error} onRetry={() => void log.fetchNextPage()} />
          )}
          {log.hasNextPage && !log.isFetchNextPageError && (
            <Flex justify="center" pt="3">
              <Button onClick={() => void log.fetchNextPage()} busy={log.isFetchingNextPage}>
                Show more
              </Button>
            </Flex>
          )}
        </>
      )}
    </Section>
  );
}

function Filters({ narrowing, onChange }: { narrowing: Narrowing; onChange: (change: Partial<Narrowing>) => void }) {
  const { data: members } = useQuery(membersQuery);
  const people = (members?.items ?? []).map(({ userId, name, email }) => ({ value: userId, label: name || email || "No name" }));
  return (
    <Box display="grid" gridTemplateColumns={{ base: "1fr 1fr", md: "repeat(4, 1fr)" }} gap="3" mb="4">
      <SelectField label="Show" value={narrowing.subject} onChange={(subject) => onChange({ subject })} options={[...auditSubjects]} />
      <SelectField
        label="Person"
        value={narrowing.person}
        onChange={(person) => onChange({ person })}
        options={[{ value: "all", label: "Everybody" }, ...people]}
      />
      <TextField label="From" type="date" value={narrowing.from} onChange={(from) => onChange({ from })} />
      <TextField label="Until" type="date" value={narrowing.until} onChange={(until) => onChange({ until })} />
    </Box>
  );
}

const Details = chakra("details", {
  base: { textStyle: "xs", color: "fg.muted", "& summary": { cursor: "pointer", width: "fit-content" } },
});

function Entry({ entry }: { entry: AuditEntry }) {
  const { actorName, action, subjectType, subjectId, details, times, lastAt } = entry;
  const subject = auditSubject(entry);
  const told = auditDetails(details);
  return (
    <Row
      stacked
      actions={
        <Text as="span" textStyle="xs" color="fg.muted" whiteSpace="nowrap">
          <RelativeTime at={entry.at} />
        </Text>
      }
    >
      <Text textStyle="sm" overflowWrap="anywhere">
        <strong>{actorName ?? "Somebody who was not signed in"}</strong> {auditSentence(action)}
        {subject !== undefined && <> “{subject}”</>}
        {subjectType === "send" && subjectId && (
          <>
            {" · "}
            <Link to="/sends/$sendId" params={{ sendId: subjectId }} style={{ textDecoration: "underline" }}>
              Open the send
            </Link>
          </>
        )}
        {times > 1 && lastAt !== null && (
          <Text as="span" color="fg.muted">
            {" · "}
            {times.toLocaleString("en")} times within the hour, last <RelativeTime at={lastAt} />
          </Text>
        )}
      </Text>
      {told.length > 0 && (
        <Details>
          <summary>Details</summary>
          {told.map((line) => (
            <Text key={line} overflowWrap="anywhere">
              {line}
            </Text>
          ))}
        </Details>
      )}
    </Row>
  );
}
