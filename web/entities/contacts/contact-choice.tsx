import { Combobox, createListCollection, Flex, Spinner, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { inlineList } from "#ui/fields/inline-list.ts";
import { useDebounced } from "#web/lib/use-debounced.ts";
import { contactMatchesQuery } from "./contact-queries.ts";

interface ContactChoiceProps {
  label: string;
  /** Shown while nobody is chosen. */
  placeholder: string;
  onChange: (contactId: string | null) => void;
}

/** Chooses a contact by a few letters of the name, the number or the address. */
export function ContactChoice({ label, placeholder, onChange }: ContactChoiceProps) {
  const [wanted, setWanted] = useState("");
  const text = useDebounced(wanted.trim(), 200);
  const matches = useQuery(contactMatchesQuery(text));
  const collection = useMemo(
    () =>
      createListCollection({
        items: matches.data?.items ?? [],
        itemToString: (contact) => contact.displayName ?? contact.phoneNumber ?? contact.email ?? "",
        itemToValue: (contact) => contact.id,
      }),
    [matches.data],
  );
  return (
    <Combobox.Root
      collection={collection}
      onInputValueChange={({ inputValue, reason }) => {
        if (reason === "input-change") setWanted(inputValue);
        if (reason === "input-change" && inputValue === "") onChange(null);
      }}
      onValueChange={({ value }) => onChange(value[0] ?? null)}
      openOnClick
      inputBehavior="autohighlight"
      size="sm"
    >
      <Combobox.Label textStyle="sm" fontWeight="medium">
        {label}
      </Combobox.Label>
      <Combobox.Control>
        <Combobox.Input placeholder={placeholder} bg="bg.panel" borderColor="border.control" />
        <Combobox.IndicatorGroup>
          {matches.isFetching && <Spinner size="xs" aria-label="Searching" />}
          <Combobox.ClearTrigger aria-label="Back to the first contact" onClick={() => setWanted("")} />
          <Combobox.Trigger aria-label="Show contacts" />
        </Combobox.IndicatorGroup>
      </Combobox.Control>
      <Combobox.Positioner css={inlineList}>
        <Combobox.Content boxShadow="none" borderWidth="1px" maxHeight="52" overflowY="auto">
          {collection.items.map((contact) => (
            <Combobox.Item key={contact.id} item={contact}>
              <Flex minW="0" flex="1" gap="3" justify="space-between" align="baseline">
                <Combobox.ItemText truncate>{collection.stringifyItem(contact)}</Combobox.ItemText>
                <Text as="span" textStyle="xs" color="fg.muted" truncate>
                  {contact.email ?? contact.phoneNumber}
                </Text>
              </Flex>
              <Combobox.ItemIndicator />
            </Combobox.Item>
          ))}
          {collection.size === 0 && (
            <Combobox.Empty>
              {matches.isError ? "Contacts could not be loaded." : matches.isPending ? "Searching…" : "No results"}
            </Combobox.Empty>
          )}
        </Combobox.Content>
      </Combobox.Positioner>
    </Combobox.Root>
  );
}
