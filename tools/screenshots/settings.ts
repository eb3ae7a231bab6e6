/** The server of the screenshots, and their folder. */
export interface ScreenshotSettings {
  /** The address of a running server with built-in users. */
  readonly url: string;
  readonly operatorKey: string;
  readonly folder: string;
}
