import { Button as ChakraButton, type ButtonProps as ChakraButtonProps } from "@chakra-ui/react";
import type { LucideIcon } from "lucide-react";
import type { Ref } from "react";

export interface ButtonProps extends Omit<ChakraButtonProps, "variant" | "colorPalette" | "loading" | "size"> {
  /** Use `primary` once per page or dialog, on a button that names its result. */
  tone?: "primary" | "secondary" | "ghost" | "danger";
  size?: "xs" | "sm" | "md";
  icon?: LucideIcon;
  /** Shows that it is working; the button cannot be pressed meanwhile. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

const looks = {
  primary: { variant: "solid", colorPalette: "accent" },
  secondary: { variant: "outline", colorPalette: "accent" },
  ghost: { variant: "ghost", colorPalette: "accent" },
  danger: { variant: "solid", colorPalette: "red" },
} as const;

export function Button({ tone = "secondary", icon: Icon, busy = false, children, size = "sm", type = "button", ...rest }: ButtonProps) {
  return (
    <ChakraButton {...looks[tone]} size={size} type={type} loading={busy} loadingText={children} aria-busy={busy || undefined} {...rest}>
      {rest.asChild ? (
        children
      ) : (
        <>
          {Icon && <Icon aria-hidden />}
          {children}
        </>
      )}
    </ChakraButton>
  );
}
