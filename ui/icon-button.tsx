import { IconButton as ChakraIconButton, type IconButtonProps as ChakraIconButtonProps } from "@chakra-ui/react";
import type { LucideIcon } from "lucide-react";
import type { Ref } from "react";
import { Tooltip } from "./tooltip.tsx";

export interface IconButtonProps extends Omit<ChakraIconButtonProps, "aria-label" | "children" | "variant" | "size"> {
  icon: LucideIcon;
  /** The accessible name, which is also the tooltip. */
  label: string;
  tone?: "ghost" | "secondary" | "danger";
  size?: "xs" | "sm" | "md";
  /** `title` uses the browser's own tooltip: for rows, where hundreds of these stand. */
  tooltip?: "bubble" | "title";
  tooltipPlacement?: "top" | "bottom" | "right" | "left";
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, tone = "ghost", size = "sm", tooltip = "bubble", tooltipPlacement = "top", type = "button", ...rest } = props;
  const button = (
    <ChakraIconButton
      aria-label={label}
      title={tooltip === "title" ? label : undefined}
      type={type}
      size={size}
      variant={tone === "secondary" ? "outline" : "ghost"}
      colorPalette={tone === "danger" ? "red" : "accent"}
      {...(tone === "danger" && { color: "red.fg" })}
      {...rest}
    >
      <Icon aria-hidden />
    </ChakraIconButton>
  );
  if (tooltip === "title") return button;
  return (
    <Tooltip content={label} placement={tooltipPlacement}>
      {button}
    </Tooltip>
  );
}
