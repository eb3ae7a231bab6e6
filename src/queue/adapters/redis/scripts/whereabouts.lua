-- whereabouts: where a user's live place is, looked at by somebody else: nothing is claimed or changed.
-- ARGV[3] user  id
-- returns "found", word, place, number: "waiting", place, position | "away", place, 0
--   | "active", place, expiresAtMs | "absent", 0, 0
-- cost O(log n)
-- @use queue
-- @use lobby
-- @use slot
local user = ARGV[3]
local place = waitingPlace(user)
if place then
  return { "found", "waiting", place, redis.call("ZRANK", waiting, user) + 1 }
end
local slot = readSlot(user)
if not slot then
  return { "found", "absent", 0, 0 }
end
if slot.state == "R" then
  local rank = redis.call("ZRANK", returned, user)
  return { "found", "waiting", slot.place, math.min(slot.told, rank + 1) }
end
if slot.state == "S" then
  return { "found", "away", slot.place, 0 }
end
local leaseMs = tonumber(redis.call("ZSCORE", active, user))
if leaseMs > nowMs then
  local ownMs = leaseOf(slot)
  return { "found", "active", slot.place, ownMs > nowMs and ownMs or leaseMs }
end
-- The next pass will lapse it: who never came is set aside, once; all others have had their turn.
if slot.claimBy == 0 or slot.chances > 0 then
  return { "found", "absent", 0, 0 }
end
return { "found", "away", slot.place, 0 }
