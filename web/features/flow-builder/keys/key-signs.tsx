import { Flex } from "@chakra-ui/react";
import { isMac, Kbd, modKey } from "#ui/kbd.tsx";
import { type BuilderKey, partsOf } from "./builder-keys.ts";

const signs: Readonly<Record<string, string>> = {
  Mod: modKey,
  Shift: isMac ? "⇧" : "Shift",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Delete: "Del",
  "-": "−",
};
const signsOf = (key: string): string[] => partsOf(key).map((part) => signs[part] ?? part);

/** The first key that does it, as a menu shows it: "Ctrl D". */
export const shortcutOf = ({ keys }: BuilderKey): string => signsOf(keys[0] as string).join(" ");

/** All keys that do it. */
export function KeySigns({ keys }: Pick<BuilderKey, "keys">) {
  return (
    <Flex gap="1" align="center" color="fg.muted" textStyle="xs" flexShrink={0}>
      {keys.map((key, index) => (
        <Flex key={key} gap="1" align="center">
          {index > 0 && "or"}
          {signsOf(key).map((sign) => (
            <Kbd key={sign}>{sign}</Kbd>
          ))}
        </Flex>
      ))}
    </Flex>
  );
}
