// breaks: platform-knows-no-feature, source-stands-alone
export * from "../sale/adapters/tested.test.ts";
