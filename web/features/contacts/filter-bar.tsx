import { Box, chakra, Flex } from "@chakra-ui/react";
import { ListFilter, X } from "lucide-react";
import type { ContactFacets, FilterTest } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { SearchField } from "#ui/fields/search-field.tsx";
import { describeTest } from "#web/entities/contacts/filter-words.ts";
import { FilterEditor } from "./filter-editor.tsx";

interface FilterBarProps {
  search: string;
  onSearch: (search: string) => void;
  tests: readonly FilterTest[];
  onTests: (tests: FilterTest[]) => void;
  facets: ContactFacets | undefined;
}

const mostTests = 20;

/**
 * Search and filter of the contacts: one chip for each test, a click on it changes it. On a phone the chips have a line
 * of their own that scrolls sideways, so that many filters do not push the contacts off the screen.
 */
export function FilterBar({ search, onSearch, tests, onTests, facets }: FilterBarProps) {
  return (
    <Flex gap="2" wrap="wrap" align="center" role="search" aria-label="Contacts">
      <Box flex={{ base: "1", md: "none" }} width={{ md: "72" }} minWidth="0">
        <SearchField label="Search name, e-mail or phone" value={search} onChange={onSearch} width="full" />
      </Box>
      {tests.length > 0 && (
        <Flex
          gap="2"
          align="center"
          order={{ base: 1, md: 0 }}
          width={{ base: "full", md: "auto" }}
          wrap={{ base: "nowrap", md: "wrap" }}
          overflowX={{ base: "auto", md: "visible" }}
          minWidth="0"
        >
          {tests.map((test, index) => (
            <FilterChip
              key={JSON.stringify(test)}
              test={test}
              facets={facets}
              onApply={(changed) => onTests(tests.map((other, at) => (at === index ? changed : other)))}
              onRemove={() => onTests(tests.filter((_, at) => at !== index))}
            />
          ))}
          {tests.length > 1 && (
            <Button tone="ghost" size="xs" onClick={() => onTests([])} flexShrink="0" hideFrom="md">
              Clear filters
            </Button>
          )}
        </Flex>
      )}
      {tests.length < mostTests && (
        <FilterEditor
          facets={facets}
          onApply={(test) => onTests([...tests, test])}
          trigger={
            <Button icon={ListFilter} tone={tests.length > 0 ? "ghost" : "secondary"}>
              Filter
            </Button>
          }
        />
      )}
      {tests.length > 1 && (
        <Button tone="ghost" onClick={() => onTests([])} hideBelow="md">
          Clear filters
        </Button>
      )}
    </Flex>
  );
}

interface FilterChipProps {
  test: FilterTest;
  facets: ContactFacets | undefined;
  onApply: (test: FilterTest) => void;
  onRemove: () => void;
}

function FilterChip({ test, facets, onApply, onRemove }: FilterChipProps) {
  const words = describeTest(test);
  return (
    <Flex
      align="stretch"
      height="8"
      borderWidth="1px"
      borderColor="accent.border"
      borderRadius="l2"
      bg="accent.subtle"
      color="accent.fg"
      maxWidth="full"
      minWidth="0"
      flexShrink={{ base: 0, md: 1 }}
      overflow="hidden"
    >
      <FilterEditor
        test={test}
        facets={facets}
        onApply={onApply}
        onRemove={onRemove}
        trigger={
          <ChipPart ps="2.5" pe="1.5" minWidth="0" title={words} aria-label={`Change filter: ${words}`}>
            <chakra.span truncate>{words}</chakra.span>
          </ChipPart>
        }
      />
      <ChipPart px="1.5" onClick={onRemove} aria-label={`Remove filter: ${words}`} title="Remove filter">
        <X size={14} aria-hidden />
      </ChipPart>
    </Flex>
  );
}

const ChipPart = chakra(
  "button",
  {
    base: {
      display: "flex",
      alignItems: "center",
      textStyle: "sm",
      cursor: "pointer",
      _hover: { bg: "accent.muted" },
      _focusVisible: { outline: "2px solid", outlineColor: "accent.focusRing", outlineOffset: "-2px" },
    },
  },
  { defaultProps: { type: "button" } },
);
