/**
 * Our changes to Chakra's recipes: 32 px controls, 13 px text in them, one radius, borders rather than shadows,
 * and motion short enough not to be waited for.
 */
const control = { textStyle: "sm", px: "2.5", "--input-height": "sizes.8" };

export const recipes = {
  button: {
    base: { transitionDuration: "fast", lineHeight: "1" },
    variants: {
      size: {
        xs: { h: "7", minW: "7", px: "2", gap: "1.5", textStyle: "xs", _icon: { width: "3.5", height: "3.5" } },
        sm: { h: "8", minW: "8", px: "3", gap: "1.5", textStyle: "sm", _icon: { width: "4", height: "4" } },
        md: { h: "9", minW: "9", px: "3.5", gap: "2", textStyle: "md", _icon: { width: "4", height: "4" } },
      },
      variant: {
        outline: {
          bg: "bg.panel",
          color: "fg",
          borderColor: "border.emphasized",
          _hover: { bg: "bg.subtle" },
          _expanded: { bg: "bg.muted" },
        },
        ghost: { color: "fg.muted", _hover: { bg: "bg.muted", color: "fg" }, _expanded: { bg: "bg.muted", color: "fg" } },
      },
    },
    defaultVariants: { size: "sm", variant: "outline" },
  },
  input: {
    variants: {
      size: { sm: control },
      variant: { outline: { bg: "bg.panel", borderColor: "border.control" } },
    },
    defaultVariants: { size: "sm" },
  },
  textarea: {
    variants: {
      size: { sm: { textStyle: "sm", px: "2.5", py: "2" } },
      variant: { outline: { bg: "bg.panel", borderColor: "border.control" } },
    },
    defaultVariants: { size: "sm" },
  },
  checkmark: {
    variants: { variant: { solid: { borderColor: "border.control" } }, size: { sm: { boxSize: "4" } } },
    defaultVariants: { size: "sm" },
  },
  badge: { defaultVariants: { size: "sm" } },
  link: { base: { color: "fg.link", textUnderlineOffset: "3px" } },
  skeleton: { base: { _motionReduce: { animation: "none" } } },
} as const;

const overlay = { bg: "blackAlpha.600", _open: { animationDuration: "fast" }, _closed: { animationDuration: "fastest" } };

const quietToast = { bg: "bg.panel", color: "fg", "--toast-trigger-bg": "colors.bg.muted", "--toast-border-color": "colors.border" };

export const slotRecipes = {
  checkbox: {
    base: { label: { fontWeight: "normal" } },
    variants: { variant: { solid: { control: { borderColor: "border.control" } } }, size: { sm: { control: { boxSize: "4" } } } },
    defaultVariants: { size: "sm" },
  },
  nativeSelect: {
    variants: {
      size: { sm: { root: { "--select-field-height": "sizes.8" }, field: { textStyle: "sm", ps: "2.5", pe: "8" } } },
      variant: { outline: { field: { bg: "bg.panel", borderColor: "border.control" } } },
    },
    defaultVariants: { size: "sm" },
  },
  field: { base: { root: { gap: "1" }, errorText: { fontWeight: "normal" } } },
  dialog: {
    base: {
      backdrop: overlay,
      content: { borderWidth: "1px", boxShadow: "lg", _open: { animationDuration: "fast" }, _closed: { animationDuration: "fastest" } },
      header: { px: "5", pt: "4", pb: "3" },
      title: { textStyle: "lg", pe: "8" },
      body: { px: "5", pt: "0", pb: "5" },
      footer: { px: "5", py: "3", borderTopWidth: "1px", gap: "2" },
      closeTrigger: { top: "3", insetEnd: "3" },
    },
    defaultVariants: { placement: "center" },
  },
  drawer: {
    base: {
      backdrop: overlay,
      content: {
        borderStartWidth: "1px",
        boxShadow: "lg",
        _open: { animationDuration: "fast" },
        _closed: { animationDuration: "fastest" },
      },
      header: { px: "5", pt: "4", pb: "3" },
      title: { textStyle: "lg", pe: "8" },
      body: { px: "5", py: "0" },
      footer: { px: "5", py: "3", borderTopWidth: "1px", gap: "2" },
      closeTrigger: { top: "3", insetEnd: "3" },
    },
  },
  menu: {
    base: {
      content: {
        borderWidth: "1px",
        boxShadow: "md",
        minW: "44",
        _open: { animationDuration: "fastest" },
        _closed: { animationDuration: "fastest" },
      },
      item: { _highlighted: { bg: "bg.muted" } },
    },
    variants: { size: { md: { content: { padding: "1" }, item: { minH: "8", py: "1", px: "2", gap: "2" } } } },
  },
  tooltip: { base: { content: { textStyle: "xs", px: "2", py: "1", borderRadius: "l1" } } },
  switch: { defaultVariants: { size: "sm" } },
  toast: {
    base: {
      root: {
        borderWidth: "1px",
        boxShadow: "md",
        py: "3",
        ps: "3.5",
        pe: "9",
        // The icon carries the colour; a whole bar of green or red shouts over the work.
        "&[data-type=success], &[data-type=error], &[data-type=warning], &[data-type=info]": quietToast,
      },
      description: { color: "fg.muted", opacity: "1" },
    },
  },
} as const;
