import { Box, chakra, Flex, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MailX } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Button } from "#ui/button.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { plural } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { SuppressionLine } from "#web/entities/suppressions/suppression-line.tsx";
import { suppressionPagesQuery } from "#web/entities/suppressions/suppression-queries.ts";
import { Row, Rows, Section } from "./section.tsx";

const ChakraLink = chakra(Link, { base: { color: "fg.link", _hover: { textDecoration: "underline" } } });

/** The addresses to which nothing is sent any more, with the reason and where it came from. */
export function SuppressionSettings() {
  const [typed, setTyped] = useState("");
  const search = useDeferredValue(typed.trim());
  const list = useInfiniteQuery(suppressionPagesQuery(search));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <Section
      title="Suppression list"
      lead="We send nothing to these addresses, or no marketing. If a person asked for that in clear words, only the same person can change it."
    >
      <Box mb="3">
        <SearchField label="Search addresses" value={typed} onChange={setTyped} width="full" />
      </Box>
      {list.isError ? (
        <LoadError error={list.error} title="The list could not be loaded" onRetry={() => void list.refetch()} retrying={list.isFetching} />
      ) : list.isPending ? (
        <SkeletonRows rows={4} columns={["40%", "40%"]} rowHeight="14" label="Loading the suppression list" />
      ) : items.length === 0 ? (
        <EmptyState icon={MailX} title={search ? "No results" : "No address is on the list"}>
          {search
            ? "No address on the list contains this."
            : "An address is added when a provider says that it does not exist, or when its owner opts out at the provider."}
        </EmptyState>
      ) : (
        <>
          <Text textStyle="sm" color="fg.muted" mb="2" role="status">
            {plural(total, "address", "addresses")}
          </Text>
          <Rows label="Suppressed addresses">
            {items.map((suppression) => (
              <Row key={suppression.id} stacked>
                <SuppressionLine suppression={suppression} />
                {suppression.contacts.length > 0 && (
                  <Flex gap="2" wrap="wrap" textStyle="sm" mt="1">
                    {suppression.contacts.map(({ id, name }) => (
                      <ChakraLink key={id} to="/contacts" search={{ contact: id } as never}>
                        {name}
                      </ChakraLink>
                    ))}
                  </Flex>
                )}
              </Row>
            ))}
          </Rows>
          {list.hasNextPage && (
            <Flex justify="center" mt="3">
              <Button onClick={() => void list.fetchNextPage()} busy={list.isFetchingNextPage}>
                Show more
              </Button>
            </Flex>
          )}
        </>
      )}
    </Section>
  );
}
