-- end-place: for each user, ends the live place for good, if it is not newer than the given one; in order, each
-- user as if alone.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3..] ends  3 values each: user, id; place, score of the newest place that may end; reason, PAID | LEFT |
--   LAPSED
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "done", then for each user the first that applies:
--   "newer"   the live place is a newer one, and stays
--   "ended"
--   "absent"  the user has no live place
-- atomic because a place that is given between reading and ending must not end
-- cost O(users · log n)
-- @use begin-user
-- @use end-live-place
-- @use open-queue
-- @use read-slots
-- @use run-writes
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local users, reply = {}, { "done" }
for i = 3, #ARGV, 3 do
  users[#users + 1] = ARGV[i]
end
readSlots(users)
for at, user in ipairs(users) do
  beginUser(queue, user)
  reply[at + 1] = endLivePlace(queue, user, tonumber(ARGV[3 * at + 1]), ARGV[3 * at + 2])
end
runWrites(queue)
return reply
