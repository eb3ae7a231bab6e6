import { lazy } from "../lazy.tsx";
import { page } from "../route.ts";
import { AccountPage } from "./account-page.tsx";

/** In a file of its own. The first load knows only that of the parts for signed-in fans. */
const ShopPage = lazy(
  () => import("../shop/shop-page.tsx"),
  (part) => part.ShopPage,
);

/** The pages of a signed-in fan: the account, and the shop. */
export const OwnPages = () => (page.value.kind === "shop" ? <ShopPage /> : <AccountPage />);
