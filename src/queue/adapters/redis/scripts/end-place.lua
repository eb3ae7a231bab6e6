-- end-place: ends the live place of a user for good, if it is not newer than the given one.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] user    id
-- ARGV[4] place   score of the newest place that may end
-- ARGV[5] reason  PAID | LEFT | LAPSED
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "newer": the live place is a newer one, and stays
-- returns "ended" | "absent": the user has no live place
-- atomic because a place that is given between reading and ending must not end
-- cost O(log n)
-- @use end-place
-- @use ended-place
-- @use live-place
-- @use note-taken
-- @use open-queue
-- @use save-end
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local user, place, reason = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local live, slot = livePlace(queue, user)
if reason == "PAID" then
  redis.call("SADD", boughtKey, user)
end
if live and live > place then
  return { "newer" }
end
if live and slot and slot.state == "A" and reason == "PAID" and slot.reservation == "" then
  noteTaken(queue, user)
end
if live then
  endPlace(queue, user, live, reason)
end
-- An instance may have read records without this end, and may be about to apply them.
if queue.awaitsRebuild and (endedPlace(user) or 0) < place then
  saveEnd(user, place, reason)
end
return { live and "ended" or "absent" }
