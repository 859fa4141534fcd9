/** The four kinds of theme that VS Code tells apart. */
export type Theme = 'light' | 'dark' | 'hcLight' | 'hcDark';

const themeNames: Readonly<Record<Theme, string>> = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  hcLight: 'Default High Contrast Light',
  hcDark: 'Default High Contrast',
};

/** User settings with which VS Code asks for nothing, fetches nothing and shows no chat of its own. */
export function quietSettings(theme: Theme): Record<string, unknown> {
  return {
    'workbench.colorTheme': themeNames[theme],
    'window.autoDetectColorScheme': false,
    // Hides VS Code's own chat, so that our view is alone in the secondary sidebar; it leaves extensions
    // alone. That sidebar begins closed because VS Code 1.139 otherwise opens it on the place of its absent
    // chat and shows nothing there until somebody chooses our view.
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.enableExperiments': false,
    'workbench.welcomePage.walkthroughs.openOnInstall': false,
    'telemetry.telemetryLevel': 'off',
    // Every port that is opened on the machine would be announced.
    'remote.autoForwardPorts': false,
    'update.mode': 'none',
    'update.showReleaseNotes': false,
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'git.autofetch': false,
    'git.openRepositoryInParentFolders': 'never',
    'json.schemaDownload.enable': false,
    'npm.fetchOnlinePackageInfo': false,
    'typescript.disableAutomaticTypeAcquisition': true,
    // In a browser VS Code saves by itself; on the desktop it does not.
    'files.autoSave': 'off',
  };
}
