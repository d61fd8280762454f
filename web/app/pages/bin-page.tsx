import { chakra } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "#ui/page.tsx";
import { binPagesQuery } from "#web/entities/contacts/bin-queries.ts";
import { BinList } from "#web/features/bin/bin-list.tsx";

const ChakraLink = chakra(Link, { base: { _hover: { color: "fg", textDecoration: "underline" } } });

/** The page of deleted contacts. */
export function BinPage() {
  const { q = "" } = useSearch({ from: "/member/contacts/bin" });
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(binPagesQuery(q.trim()));
  return (
    <Page title="Bin" count={data?.pages[0]?.total} scroll={false} parent={<ChakraLink to="/contacts">Contacts</ChakraLink>}>
      <BinList search={q} onSearch={(text) => void navigate({ to: "/contacts/bin", search: { q: text || undefined }, replace: true })} />
    </Page>
  );
}
