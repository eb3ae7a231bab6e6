-- getSlot: the slot of a user, or nil. A user has one since the first admission, or since being skipped.
-- state             "A": ACTIVE | "S": skipped, the user is away | "R": returned, served before the queue
-- place             score of the place
-- lastPosition      the smallest position that the user was told; noPosition: none
-- secondChanceUsed  0 or 1: whether an admission has passed that the user did not claim
-- claimByMs         epoch ms; 0: the slot is claimed
-- sessionUntilMs    epoch ms
-- holdUntilMs       epoch ms, end of the hold that carries the slot; 0: none
-- reservation       id of that hold; empty: none
-- idleUntilMs       epoch ms, end of the slot if it is not used before; 0: none
local function getSlot(user)
  local text = redis.call("HGET", slotsKey, user)
  if not text then
    return nil
  end
  local state, place, lastPosition, secondChanceUsed, claimByMs, sessionUntilMs, holdUntilMs, hold =
    string.match(text, "^(%a)(%d+):(%d+):(%d+):(%d+):(%d+):(%d+):(.*)$")
  return {
    state = state, place = tonumber(place), lastPosition = tonumber(lastPosition),
    secondChanceUsed = tonumber(secondChanceUsed), claimByMs = tonumber(claimByMs),
    sessionUntilMs = tonumber(sessionUntilMs), holdUntilMs = tonumber(holdUntilMs),
    reservation = string.match(hold, "^[^:]*"),
    idleUntilMs = tonumber(string.match(hold, ":(%d+)$") or 0),
  }
end
