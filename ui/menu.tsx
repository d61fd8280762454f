import { Menu, Portal } from "@chakra-ui/react";
import { Check, type LucideIcon } from "lucide-react";
import type { ReactElement } from "react";

export interface ActionMenuItem {
  label: string;
  icon?: LucideIcon;
  onSelect: () => void;
  tone?: "danger";
  disabled?: boolean;
  /** A tick: one of several is chosen. */
  checked?: boolean;
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
            {items.map((item, index) => {
              // A menu is a fixed list; a separator has no name of its own.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              if (item === "separator") return <Menu.Separator key={index} bg="border" />;
              if ("heading" in item) return <MenuHeading key={item.heading} text={item.heading} />;
              return <MenuRow key={item.label} {...item} />;
            })}
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
}

function MenuHeading({ text }: { text: string }) {
  return (
    <Menu.ItemGroup>
      <Menu.ItemGroupLabel textStyle="label" color="fg.subtle" py="1" maxW="64" truncate>
        {text}
      </Menu.ItemGroupLabel>
    </Menu.ItemGroup>
  );
}

/**
 * What closes takes along whatever was opened above it: a dialog opened while its menu still stands would go with the
 * menu. A frame later the menu is gone and has given the focus back, to where the dialog will return it.
 */
export const afterMenu = (act: () => void): void => void requestAnimationFrame(() => requestAnimationFrame(act));

function MenuRow({ label, icon: Icon, onSelect, tone, disabled, checked, shortcut }: ActionMenuItem) {
  const danger = tone === "danger" ? { color: "red.fg", _highlighted: { bg: "red.subtle", color: "red.fg" } } : {};
  return (
    <Menu.Item value={label} disabled={disabled} onSelect={() => afterMenu(onSelect)} cursor="pointer" aria-checked={checked} {...danger}>
      {Icon && <Icon aria-hidden size={16} />}
      <Menu.ItemText truncate maxW="64">
        {label}
      </Menu.ItemText>
      {checked && <Check aria-hidden size={16} />}
      {shortcut && <Menu.ItemCommand>{shortcut}</Menu.ItemCommand>}
    </Menu.Item>
  );
}
