import { useQuery } from "@tanstack/react-query";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { membersQuery } from "#web/entities/members/member-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { InvitationList } from "./invitation-list.tsx";
import { MemberRow } from "./member-row.tsx";
import { Rows, Section } from "./section.tsx";

export function MemberSettings() {
  const members = useQuery(membersQuery);
  const { can } = useSession();
  return (
    <>
      <Section title="Members" lead="Who works here, and what they may do.">
        {members.isError ? (
          <LoadError error={members.error} onRetry={() => members.refetch()} retrying={members.isFetching} />
        ) : members.data ? (
          <Rows label="Members">
            {members.data.items.map((member) => (
              <MemberRow key={member.userId} member={member} />
            ))}
          </Rows>
        ) : (
          <SkeletonRows rows={3} columns={["35%", "30%"]} rowHeight="14" />
        )}
      </Section>
      {can("admin") && <InvitationList />}
    </>
  );
}
