// What a fan needs after being admitted or after signing in. One file, loaded on demand.
export { AccountPage } from "./account/account-page.tsx";
export { adoptSession } from "./account/device-link.ts";
export { LastPayment } from "./purchase/last-payment.tsx";
export { Purchase } from "./purchase/purchase.tsx";
