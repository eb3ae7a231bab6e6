/**
 * The oldest version of each browser that the pages support, by its name in the compatibility data of MDN. The build
 * and the check of used APIs take it from here; docs/browsers.md has it for readers.
 */
export const oldestBrowsers = {
  chrome: 111,
  edge: 111,
  chrome_android: 111,
  samsunginternet_android: 22,
  firefox: 121,
  firefox_android: 121,
  safari: 16.4,
  safari_ios: 16.4,
} as const;

/** The same for the build, which knows the engines only. */
export const buildTargets = [
  `chrome${oldestBrowsers.chrome}`,
  `firefox${oldestBrowsers.firefox}`,
  `safari${oldestBrowsers.safari}`,
];
