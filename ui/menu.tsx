import { Menu, Portal } from "@chakra-ui/react";
import { Check, type LucideIcon } from "lucide-react";
import { Fragment, type ReactElement } from "react";

export interface ActionMenuItem {
  label: string;
  icon?: LucideIcon;
  onSelect: () => void;
  tone?: "danger";
  disabled?: boolean;
  /** A tick where it is chosen. */
  checked?: boolean;
  /** Of those that can be chosen only one is at a time; several may be without it. */
  oneOf?: boolean;
  /** The key that does the same, shown at the right. */
  shortcut?: string;
}

export interface ActionMenuProps {
  /** A single element that takes a ref: a Button, or an IconButton with `tooltip="title"`. */
  trigger: ReactElement;
  items: (ActionMenuItem | "separator" | { heading: string })[];
  placement?: "bottom-start" | "bottom-end" | "top-start" | "right-start" | "right-end";
}

export function ActionMenu({ trigger, items, placement = "bottom-end" }: ActionMenuProps) {
  return (
    <Menu.Root positioning={{ placement }} lazyMount unmountOnExit>
      <Menu.Trigger asChild>{trigger}</Menu.Trigger>
      <Portal>
        <Menu.Positioner>
          <Menu.Content>
            {toSections(items).map((section, index) => {
              const rows = section.items.map((item) => <MenuRow key={item.label} {...item} />);
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
function toSections(items: ActionMenuProps["items"]): Section[] {
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

/**
 * What closes takes along whatever was opened above it: a dialog opened while its menu still stands would go with the
 * menu. A frame later the menu is gone and has given the focus back, to where the dialog will return it.
 */
export const afterMenu = (act: () => void): void => void requestAnimationFrame(() => requestAnimationFrame(act));

function MenuRow({ label, icon: Icon, onSelect, tone, disabled, checked, oneOf, shortcut }: ActionMenuItem) {
  const choice = checked === undefined ? {} : { role: oneOf ? "menuitemradio" : "menuitemcheckbox", "aria-checked": checked };
  const danger = tone === "danger" ? { color: "red.fg", _highlighted: { bg: "red.subtle", color: "red.fg" } } : {};
  return (
    <Menu.Item value={label} disabled={disabled} onSelect={() => afterMenu(onSelect)} cursor="pointer" {...choice} {...danger}>
      {Icon && <Icon aria-hidden size={16} />}
      <Menu.ItemText truncate maxW="64">
        {label}
      </Menu.ItemText>
      {checked && <Check aria-hidden size={16} />}
      {shortcut && <Menu.ItemCommand>{shortcut}</Menu.ItemCommand>}
    </Menu.Item>
  );
}
