// The parts for an admitted or signed-in fan: one file, loaded on demand.
export { OwnPages } from "./account/own-pages.tsx";
export { LastPayment } from "./purchase/last-payment.tsx";
export { Purchase } from "./purchase/purchase.tsx";
export { Turn } from "./purchase/turn.tsx";
