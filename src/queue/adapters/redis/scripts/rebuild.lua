-- rebuild: applies records of the database to a queue that may have lost users.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] last     "1": these are the last records, and the queue may go on when its recovery is over
-- ARGV[4..] people  6 values each: user, id; place, score; state; value; reservation; expiresAtMs
--   "ended": value is the reason
--   "admitted": value is the end of the session, epoch ms; reservation and expiresAtMs, epoch ms, are of the
--     hold that carries the slot, or empty and 0
--   "skipped": value is secondChanceUsed, see getSlot
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "over": another instance has applied the last records, and these are old
-- returns "rebuilt"
-- atomic because whether a record is newer than what Redis knows must not change before it is applied
-- cost O(people · log n)
-- @use extend-claim-grace
-- @use is-newest-place
-- @use open-queue
-- @use rebuild-admitted
-- @use rebuild-ended
-- @use rebuild-skipped
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
if not queue.awaitsRebuild then
  return { "over" }
end
for i = 4, #ARGV, 6 do
  local user, place, state, value = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
  if state == "ended" then
    rebuildEnded(queue, user, place, value)
  elseif isNewestPlace(queue, user, place) then
    if state == "admitted" then
      rebuildAdmitted(queue, user, place, tonumber(value), ARGV[i + 4], tonumber(ARGV[i + 5]))
    else
      rebuildSkipped(user, place, tonumber(value))
    end
  end
end
if ARGV[3] == "1" then
  redis.call("HSET", metaKey, "rebuilt", "1")
  -- Until now no user could claim a slot of an old snapshot.
  if queue.presence then
    extendClaimGrace(queue, queue.presence)
  end
end
return { "rebuilt" }
