import { chakra } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState } from "#ui/empty-state.tsx";
import { plural } from "#ui/format.ts";
import { binPagesQuery } from "#web/entities/contacts/bin-queries.ts";

const ChakraLink = chakra(Link, { base: { color: "fg.link", textDecoration: "underline" } });

/** What stands in place of the contacts where there are none. Those that were deleted may still be in the bin. */
export function NoContacts({ firstSteps }: { firstSteps?: ReactNode }) {
  const inBin = useInfiniteQuery(binPagesQuery("")).data?.pages[0]?.total ?? 0;
  return (
    <EmptyState icon={Users} title={inBin === 0 ? "No contacts yet" : "No contacts"} action={firstSteps}>
      {inBin === 0 ? (
        "Import a CSV file of your customers, or add the first one by hand."
      ) : (
        <>
          {`${plural(inBin, "contact is", "contacts are")} in the `}
          <ChakraLink to="/contacts/bin">bin</ChakraLink>
          {" and can be restored for 30 days. You can also import a CSV file or add a contact by hand."}
        </>
      )}
    </EmptyState>
  );
}
