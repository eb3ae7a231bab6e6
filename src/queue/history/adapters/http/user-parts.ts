import { Type } from "typebox";
import type { UserId } from "#kernel/ids.ts";
import { Uuid } from "#platform/http/schemas.ts";
import { listPart, type UserPart } from "#platform/http/user-parts.ts";
import type { PlaceInConcert } from "../../use-cases/read-all-places.ts";
import { PlaceBody, placeBody } from "./history-routes.ts";

/** The places of a user in all queues, as operators read them. */
export const placesOfUser = (useCases: {
  allPlaces(userId: UserId, limit: number): Promise<readonly PlaceInConcert[]>;
}): UserPart =>
  listPart({
    name: "places",
    description: "The places in queues, newest concert first",
    item: Type.Object({ concertId: Uuid("The concert"), ...PlaceBody.properties }),
    async newest(userId, limit) {
      const places = await useCases.allPlaces(userId, limit);
      return places.map(({ concertId, ...place }) => ({ concertId, ...placeBody(place) }));
    },
  });
