/** Where pictures are taken, and where they go. */
export interface Studio {
  /** Of a running server with built-in users. */
  readonly url: string;
  readonly operatorKey: string;
  /** Gets the pictures. */
  readonly folder: string;
}
