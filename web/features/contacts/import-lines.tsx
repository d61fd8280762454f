import { Box, Flex, Spinner, Table, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { contactFields, fieldOf } from "#contract/contact-fields.ts";
import type { ApartReason, ContactImport, ImportLine } from "#contract/imports.ts";
import { Button } from "#ui/button.tsx";
import { formatCount } from "#ui/format.ts";
import { LoadError } from "#ui/load-error.tsx";
import { importLinesQuery } from "#web/entities/contacts/import-queries.ts";

/** Whom an import kept apart from somebody with the same number or address or took out of the bin, and which values it replaced. */
export function ImportLines({ result }: { result: ContactImport }) {
  const lines = useInfiniteQuery(importLinesQuery(result.id));
  const items = lines.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Box>
      <Text fontWeight="medium" textStyle="sm" mb="2">
        Kept apart, restored and replaced, by line
      </Text>
      {lines.isError ? (
        <LoadError error={lines.error} title="These lines could not be loaded" onRetry={() => void lines.refetch()} />
      ) : lines.isPending ? (
        <Flex gap="2" align="center" role="status" textStyle="sm" color="fg.muted">
          <Spinner size="xs" /> Loading the lines
        </Flex>
      ) : (
        <>
          <Box borderWidth="1px" borderRadius="l2" overflow="auto" maxHeight="64" tabIndex={0} role="group" aria-label="Changes by line">
            <Table.Root size="sm" stickyHeader>
              <Table.Header>
                <Table.Row>
                  <Table.ColumnHeader textAlign="end">Line</Table.ColumnHeader>
                  <Table.ColumnHeader>Contact</Table.ColumnHeader>
                  <Table.ColumnHeader>What happened</Table.ColumnHeader>
                </Table.Row>
              </Table.Header>
              <Table.Body>
                {items.flatMap(sentencesOf).map(({ key, line, who, sentence }) => (
                  <Table.Row key={key}>
                    <Table.Cell textAlign="end" fontVariantNumeric="tabular-nums">
                      {formatCount(line)}
                    </Table.Cell>
                    <Table.Cell overflowWrap="anywhere">{who}</Table.Cell>
                    <Table.Cell overflowWrap="anywhere">{sentence}</Table.Cell>
                  </Table.Row>
                ))}
              </Table.Body>
            </Table.Root>
          </Box>
          {lines.hasNextPage && (
            <Button size="xs" mt="2" busy={lines.isFetchingNextPage} onClick={() => void lines.fetchNextPage()}>
              Show more lines
            </Button>
          )}
        </>
      )}
    </Box>
  );
}

export interface LineSentence {
  key: string;
  line: number;
  who: string;
  sentence: string;
}

const whyApart: Record<ApartReason, (from: string) => string> = {
  other_id: (from) => `Kept apart from ${from}: the number or address is the same, but the ID is another.`,
  other_email: (from) => `Kept apart from ${from}: the number is the same, but the e-mail address is another.`,
  other_phone: (from) => `Kept apart from ${from}: the e-mail address is the same, but the number is another.`,
  other_name: (from) => `Kept apart from ${from}: the number or address is the same, but the name is another.`,
};

export function sentencesOf({ line, contactId, displayName, apart, overwrites, fromBin }: ImportLine): LineSentence[] {
  const sentence = (index: number, at: number, text: string): LineSentence => ({
    key: `${contactId} ${at} ${index}`,
    line: at,
    who: displayName,
    sentence: text,
  });
  const replaced = overwrites.map(({ line: at, field, from, to }, index) =>
    sentence(index, at, `${labelOf(field)}: “${from}” was replaced by “${to}”.`),
  );
  const restored = fromBin ? [sentence(-2, line, "Was in the bin and is restored.")] : [];
  if (!apart) return [...restored, ...replaced];
  return [sentence(-1, line, whyApart[apart.reason](apart.fromName ?? "a contact that was deleted since")), ...replaced];
}

function labelOf(name: string): string {
  const field = fieldOf(name);
  return field ? contactFields[field].label : name.replace(/^metadata\./, "");
}
