import { IconButton, Menu, Portal } from "@chakra-ui/react";
import { Columns3 } from "lucide-react";

export interface ColumnChoice {
  id: string;
  label: string;
  shown: boolean;
  toggle: (shown: boolean) => void;
}

export const ColumnMenu = ({ choices }: { choices: readonly ColumnChoice[] }) =>
  choices.length === 0 ? null : (
    <Menu.Root closeOnSelect={false} positioning={{ placement: "bottom-end" }} lazyMount unmountOnExit>
      <Menu.Trigger asChild>
        <IconButton variant="ghost" size="2xs" aria-label="Choose columns" title="Choose columns" color="fg.muted">
          <Columns3 size={16} aria-hidden />
        </IconButton>
      </Menu.Trigger>
      <Portal>
        <Menu.Positioner>
          <Menu.Content minWidth="48">
            <Menu.ItemGroup>
              <Menu.ItemGroupLabel>Columns</Menu.ItemGroupLabel>
              {choices.map(({ id, label, shown, toggle }) => (
                <Menu.CheckboxItem key={id} value={id} checked={shown} onCheckedChange={toggle}>
                  <Menu.ItemText>{label}</Menu.ItemText>
                  <Menu.ItemIndicator />
                </Menu.CheckboxItem>
              ))}
            </Menu.ItemGroup>
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
