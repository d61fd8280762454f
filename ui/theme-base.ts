import { defaultBaseConfig, mergeConfigs } from "@chakra-ui/react";
import * as chakra from "@chakra-ui/react/theme";

/**
 * Chakra's own theme with the recipes of the components we use and of no others: all of them together are a tenth of
 * what the browser must load before the first row. A component that is missing here would be drawn without a style;
 * theme-base.test.ts reads the imports of the whole interface and says which.
 */
export const baseConfig = mergeConfigs(defaultBaseConfig, {
  preflight: true,
  cssVarsPrefix: chakra.cssVarsPrefix,
  cssVarsRoot: chakra.cssVarsRoot,
  globalCss: chakra.globalCss,
  theme: {
    breakpoints: chakra.breakpoints,
    keyframes: chakra.keyframes,
    tokens: chakra.tokens,
    semanticTokens: chakra.semanticTokens,
    textStyles: chakra.textStyles,
    layerStyles: chakra.layerStyles,
    animationStyles: chakra.animationStyles,
    recipes: {
      badge: chakra.badgeRecipe,
      button: chakra.buttonRecipe,
      checkmark: chakra.checkmarkRecipe,
      code: chakra.codeRecipe,
      heading: chakra.headingRecipe,
      icon: chakra.iconRecipe,
      input: chakra.inputRecipe,
      inputAddon: chakra.inputAddonRecipe,
      kbd: chakra.kbdRecipe,
      link: chakra.linkRecipe,
      skeleton: chakra.skeletonRecipe,
      skipNavLink: chakra.skipNavLinkRecipe,
      spinner: chakra.spinnerRecipe,
      textarea: chakra.textareaRecipe,
    },
    slotRecipes: {
      checkbox: chakra.checkboxSlotRecipe,
      combobox: chakra.comboboxSlotRecipe,
      dialog: chakra.dialogSlotRecipe,
      drawer: chakra.drawerSlotRecipe,
      field: chakra.fieldSlotRecipe,
      fieldset: chakra.fieldsetSlotRecipe,
      menu: chakra.menuSlotRecipe,
      nativeSelect: chakra.nativeSelectSlotRecipe,
      popover: chakra.popoverSlotRecipe,
      switch: chakra.switchSlotRecipe,
      table: chakra.tableSlotRecipe,
      toast: chakra.toastSlotRecipe,
      tooltip: chakra.tooltipSlotRecipe,
    },
  },
});
