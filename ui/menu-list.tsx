import { Menu, Portal } from "@chakra-ui/react";
import { Check } from "lucide-react";
import { Fragment } from "react";
import type { ActionMenuItem, MenuEntry, MenuPlacement } from "./menu-entry.ts";

interface MenuListProps {
  open: boolean;
  onClose: () => void;
  /** The element that opened it: it names the menu, holds it in place and gets the focus back. */
  triggerId: string;
  items: readonly MenuEntry[];
  placement: MenuPlacement;
  keepOpen?: boolean;
  /** It was opened by a key, so the first entry is the one that Enter chooses. */
  highlightFirst?: boolean;
}

export function MenuList({ open, onClose, triggerId, items, placement, keepOpen = false, highlightFirst = false }: MenuListProps) {
  const sections = toSections(items);
  const first = sections.flatMap((section) => section.items).find(({ disabled }) => !disabled);
  return (
    <Menu.Root
      open={open}
      onOpenChange={(change) => !change.open && onClose()}
      ids={{ trigger: triggerId }}
      positioning={{ placement }}
      closeOnSelect={!keepOpen}
      {...(highlightFirst && first && { defaultHighlightedValue: first.label })}
      lazyMount
      unmountOnExit
    >
      <Portal>
        <Menu.Positioner>
          <Menu.Content>
            {sections.map((section, index) => {
              const rows = section.items.map((item) => <MenuRow key={item.label} {...item} keepOpen={keepOpen} />);
              return (
                // A menu is a fixed list, and a section may have no heading.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <Fragment key={index}>
                  {section.isParted && <Menu.Separator bg="border" />}
                  {section.heading === undefined ? (
                    rows
                  ) : (
                    <Menu.ItemGroup>
                      <Menu.ItemGroupLabel textStyle="label" color="fg.subtle" py="1" maxW="64" truncate>
                        {section.heading}
                      </Menu.ItemGroupLabel>
                      {rows}
                    </Menu.ItemGroup>
                  )}
                </Fragment>
              );
            })}
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
}

interface Section {
  isParted: boolean;
  heading?: string;
  items: ActionMenuItem[];
}

/** A heading names the items up to the next separator or heading. A group without items would be none to a screen reader. */
function toSections(items: readonly MenuEntry[]): Section[] {
  const sections: Section[] = [{ isParted: false, items: [] }];
  for (const item of items) {
    if (item === "separator") sections.push({ isParted: true, items: [] });
    else if ("heading" in item) {
      const last = sections.at(-1) as Section;
      if (last.items.length === 0 && last.heading === undefined) last.heading = item.heading;
      else sections.push({ isParted: false, heading: item.heading, items: [] });
    } else sections.at(-1)?.items.push(item);
  }
  return sections;
}

function MenuRow(item: ActionMenuItem & { keepOpen: boolean }) {
  const { label, icon: Icon, onSelect, tone, disabled, checked, oneOf, sign, shortcut, keepOpen } = item;
  const choice = checked === undefined ? {} : { role: oneOf ? "menuitemradio" : "menuitemcheckbox", "aria-checked": checked };
  const danger = tone === "danger" ? { color: "red.fg", _highlighted: { bg: "red.subtle", color: "red.fg" } } : {};
  return (
    <Menu.Item
      value={label}
      disabled={disabled}
      onSelect={keepOpen ? onSelect : () => afterMenu(onSelect)}
      cursor="pointer"
      {...choice}
      {...danger}
    >
      {Icon && <Icon aria-hidden size={16} />}
      <Menu.ItemText truncate maxW="64">
        {label}
      </Menu.ItemText>
      {checked && <Check aria-hidden size={16} />}
      {sign && <sign.icon size={14} aria-label={sign.label} />}
      {shortcut && <Menu.ItemCommand>{shortcut}</Menu.ItemCommand>}
    </Menu.Item>
  );
}

/**
 * A layer that closes also closes the layers opened above it: a dialog opened while its menu is still open would close with the
 * menu. A frame later the menu is gone and has given the focus back, to where the dialog will return it.
 */
const afterMenu = (act: () => void): void => void requestAnimationFrame(() => requestAnimationFrame(act));
