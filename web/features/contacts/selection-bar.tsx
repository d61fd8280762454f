import { Flex, Grid, Text } from "@chakra-ui/react";
import { ChevronDown, CircleDot, Play, Trash2, X } from "lucide-react";
import { Button } from "#ui/button.tsx";
import { FloatingBar } from "#ui/floating-bar.tsx";
import { formatCount } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import { type ContactSelection, selectedCount } from "./selection.ts";
import { selectionWords } from "./selection-words.ts";

interface SelectionBarProps {
  selection: ContactSelection;
  /** Rows listed so far, and whether every one of them is selected. */
  loaded: number;
  allLoaded: boolean;
  /** Contacts that match the search and filters, loaded or not. */
  total: number | undefined;
  filtered: boolean;
  onSelectMatching: () => void;
  onClear: () => void;
  onSendFlow: () => void;
  onChangeStatus: () => void;
  onDelete: () => void;
}

/** The number of selected contacts and the actions on them. */
export function SelectionBar(props: SelectionBarProps) {
  const { selection, loaded, allLoaded, total, filtered, onSelectMatching, onClear, onSendFlow, onChangeStatus, onDelete } = props;
  const count = selectedCount(selection);
  const offersAll = selection.kind === "picked" && allLoaded && total !== undefined && total > count;
  return (
    <FloatingBar label="Selection">
      {offersAll && (
        <Flex gap="1" align="center" justify="center" wrap="wrap" px="3" py="1.5" borderBottomWidth="1px" textStyle="sm" color="fg.muted">
          <Text>All {formatCount(loaded)} loaded are selected.</Text>
          <Button size="xs" tone="ghost" onClick={onSelectMatching} color="fg.link">
            {filtered ? `Select all ${formatCount(total)} contacts that match` : `Select all ${formatCount(total)} contacts`}
          </Button>
        </Flex>
      )}
      <Grid
        ps="3.5"
        pe="2"
        py="2"
        gap="2"
        alignItems="center"
        templateColumns={{ base: "1fr auto", sm: "auto auto auto" }}
        templateAreas={{ base: `"words clear" "buttons buttons"`, sm: `"words buttons clear"` }}
      >
        <Text gridArea="words" fontWeight="medium" textStyle="sm" fontVariantNumeric="tabular-nums" role="status" me="1">
          {selectionWords(selection)}
        </Text>
        <Flex gridArea="buttons" gap="2" css={{ "& > *": { flex: { base: "1", sm: "none" } } }}>
          <Button tone="primary" icon={Play} onClick={onSendFlow}>
            Send Flow
          </Button>
          <ActionMenu
            placement="top-start"
            trigger={
              <Button>
                Bulk Actions
                <ChevronDown aria-hidden />
              </Button>
            }
            items={[
              { label: "Send Flow", icon: Play, onSelect: onSendFlow },
              { label: "Change Status", icon: CircleDot, onSelect: onChangeStatus },
              "separator",
              { label: "Delete", icon: Trash2, onSelect: onDelete, tone: "danger" },
            ]}
          />
        </Flex>
        <IconButton gridArea="clear" icon={X} label="Clear selection" onClick={onClear} />
      </Grid>
    </FloatingBar>
  );
}
