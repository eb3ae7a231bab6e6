-- clear-hold: takes a hold off the slot that it carries; the slot lasts as long as its session.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] user         id
-- ARGV[4] reservation  id
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "not-rebuilt": an instance may be about to apply records in which the hold still lasts
-- returns "absent": no ACTIVE slot of the user is carried by this hold
-- returns "cleared"
-- atomic because a newer hold that comes between reading and writing would be lost
-- cost O(log n)
-- @use get-slot
-- @use open-queue
-- @use own-lease-end
-- @use save-active-slot
-- @use use-slot
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
if queue.awaitsRebuild then
  return { "not-rebuilt" }
end
local user = ARGV[3]
local slot = getSlot(user)
if not slot or slot.state ~= "A" or slot.reservation ~= ARGV[4] then
  return { "absent" }
end
slot.holdUntilMs, slot.reservation = 0, ""
useSlot(queue, slot, queue.nowMs)
saveActiveSlot(user, slot, ownLeaseEnd(slot))
redis.call("ZREM", holdingKey, user)
return { "cleared" }
