-- peek-place: where the live place of a user is, for another reader; nothing is claimed or changed.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] user   id
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "found", word, place, value, the first that applies:
--   "waiting", place, position
--   "absent", place, reason      the user has no place here; the end of the queue, see queueEnd, or 0 and empty
--   "waiting", place, position   among those who returned
--   "away", place, 0             skipped
--   "active", place, expiresAtMs
--   "absent", 0, ""              the next pass ends the place
--   "away", place, 0             the next pass skips the place
-- atomic because the user may move from one set to another between two reads
-- cost O(log n)
-- @use get-slot
-- @use own-lease-end
-- @use queue-end
-- @use read-queue
-- @use waiting-place
local queue = readQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local user = ARGV[3]
local place = waitingPlace(queue, user)
if place then
  return { "found", "waiting", place, redis.call("ZRANK", waitingKey, user) + 1 }
end
local slot = getSlot(user)
if not slot then
  local throughPlace, reason = queueEnd()
  return { "found", "absent", throughPlace or 0, reason or "" }
end
if slot.state == "R" then
  local rank = redis.call("ZRANK", returnedKey, user)
  return { "found", "waiting", slot.place, math.min(slot.lastPosition, rank + 1) }
end
if slot.state == "S" then
  return { "found", "away", slot.place, 0 }
end
local leaseEndMs = tonumber(redis.call("ZSCORE", activeKey, user))
if leaseEndMs > queue.nowMs then
  local ownEndMs = ownLeaseEnd(slot)
  return { "found", "active", slot.place, ownEndMs > queue.nowMs and ownEndMs or leaseEndMs }
end
-- See expireLease: a slot that was not claimed is skipped the first time, every other one ends.
if slot.claimByMs == 0 or slot.secondChanceUsed > 0 then
  return { "found", "absent", 0, "" }
end
return { "found", "away", slot.place, 0 }
