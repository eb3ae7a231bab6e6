import { Type } from "typebox";
import { Count, Instant, Money, Nullable, Page, Text, Uuid } from "#platform/http/schemas.ts";
import { shopLimits } from "../../domain/product.ts";

const Currency = Type.String({
  pattern: "^[A-Z]{3}$",
  description: "The installation's one currency, ISO 4217",
  examples: ["KRW"],
});

const nameCharsMax = 100;
const descriptionCharsMax = 2000;

const productFields = {
  productId: Uuid("The product"),
  concertId: Nullable(Uuid("The concert; null for a product of the house")),
  name: Type.String({ description: "The name", examples: ["Light stick"] }),
  description: Nullable(Type.String(), {
    description: "The description for fans",
    examples: ["With two batteries"],
  }),
  price: Money("The price of one piece", 35_000),
  currency: Currency,
  stock: Count("All pieces: free, held and sold ones", 500),
  available: Count("Pieces that can be ordered now, with those of lapsed orders", 120),
  perUser: Type.Integer({
    minimum: 1,
    description: "Pieces that one user may hold and own",
    examples: [2],
  }),
  requiresTurn: Type.Boolean({
    description: "Whether an order needs a queue token of the concert whose place is ACTIVE",
    examples: [false],
  }),
};

export const ProductAnswer = Type.Object(productFields, { $id: "Product" });
export const ProductPage = Page(ProductAnswer, { $id: "ProductPage" });

export const TopSellerPage = Page(
  Type.Object({
    ...productFields,
    piecesPaid: Count("Pieces that were paid in these days and not refunded", 380),
  }),
  { $id: "TopSellerPage" },
);

export const OperatorProduct = Type.Object(
  {
    ...productFields,
    held: Count("Pieces of orders that are held", 30),
    sold: Count("Pieces of orders that are paid", 350),
  },
  { $id: "OperatorProduct" },
);
export const OperatorProductPage = Page(OperatorProduct, { $id: "OperatorProductPage" });

const Price = Type.Integer({
  minimum: 1,
  maximum: shopLimits.price,
  description: "The price of one piece, in the minor unit of the currency",
  examples: [35_000],
});
const Stock = Type.Integer({
  minimum: 0,
  maximum: shopLimits.stock,
  description: "All pieces: free, held and sold ones",
  examples: [500],
});
const PerUser = Type.Integer({
  minimum: 1,
  maximum: shopLimits.perUser,
  description: "Pieces that one user may hold and own",
  examples: [2],
});
const Name = Text({ maxLength: nameCharsMax, description: "The name" });

export const NewProductBody = Type.Object(
  {
    concertId: Type.Optional(Nullable(Uuid("The concert; absent for a product of the house"))),
    name: Name,
    description: Type.Optional(
      Nullable(Text({ maxLength: descriptionCharsMax, description: "The description for fans" })),
    ),
    price: Price,
    stock: Stock,
    perUser: PerUser,
    requiresTurn: Type.Optional(
      Type.Boolean({
        description:
          "Whether an order needs a queue token of the concert whose place is ACTIVE; default false",
      }),
    ),
  },
  { examples: [{ name: "Light stick", price: 35_000, stock: 500, perUser: 2 }] },
);

export const CorrectionBody = Type.Object(
  {
    name: Type.Optional(Name),
    price: Type.Optional(Price),
    stock: Type.Optional(Stock),
    perUser: Type.Optional(PerUser),
  },
  { examples: [{ price: 32_000, stock: 600 }] },
);

const Quantity = Type.Integer({
  minimum: 1,
  maximum: shopLimits.perUser,
  description: "The number of pieces",
  examples: [2],
});

export const OrderBody = Type.Object(
  {
    items: Type.Array(
      Type.Object({ productId: Uuid("The product; none twice"), quantity: Quantity }),
      {
        minItems: 1,
        maxItems: shopLimits.itemsOfOrder,
        description: "Products of the house, and of one concert at most",
      },
    ),
  },
  { examples: [{ items: [{ productId: "0198c4f2-7c1e-7a35-9d1b-5f0c2e8a4b17", quantity: 2 }] }] },
);

export const OrderAnswer = Type.Object(
  {
    orderId: Uuid("The order"),
    userId: Uuid("The buyer"),
    items: Type.Array(
      Type.Object({
        productId: Uuid("The product"),
        name: Type.String({
          description: "The name when it was ordered",
          examples: ["Light stick"],
        }),
        quantity: Quantity,
        price: Money("The price of one piece when it was ordered", 35_000),
      }),
      { description: "The pieces, in the order of the request" },
    ),
    amount: Money("The price of all pieces", 70_000),
    currency: Currency,
    status: Type.Enum(["HELD", "PAID", "CANCELLED", "EXPIRED", "REFUNDED"], {
      description: "The status; a held order is EXPIRED from `expiresAt` on",
    }),
    heldAt: Instant("When the pieces were held"),
    expiresAt: Type.String({
      format: "date-time",
      description: "When the order expires unless it is paid",
      examples: ["2026-11-22T10:05:00.000Z"],
    }),
    paymentId: Nullable(Uuid("The payment, to which the ledger entries refer; null until paid")),
    serverTime: Instant(
      "The time of the database for which this answer is true; its clock expires orders",
    ),
  },
  { $id: "Order" },
);
export const OrderPage = Page(OrderAnswer, { $id: "OrderPage" });

const OrderPaymentAnswer = Type.Object(
  {
    paymentId: Uuid("The payment"),
    orderId: Uuid("The paid order"),
    amount: Money("The price of all pieces", 70_000),
    currency: Currency,
    balance: Money("The balance after it", 130_000),
    paidAt: Instant("When it was paid"),
  },
  { $id: "OrderPayment" },
);

/** 200: an earlier request has paid the order. */
export const payOrderAnswers = { 201: OrderPaymentAnswer, 200: OrderPaymentAnswer };

export const placeOrderAnswers = { 201: OrderAnswer };

export const ProductParams = Type.Object({ productId: Uuid("The product") });
export const OrderParams = Type.Object({ orderId: Uuid("The order") });
