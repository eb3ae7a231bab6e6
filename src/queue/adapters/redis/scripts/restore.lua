-- restore: restores a place that Redis has lost, in its own order while the queue recovers. Later other users
-- have been told positions, so the place goes among those who returned, who are served before the queue.
-- KEYS, ARGV[1] epoch, ARGV[2] nowMs: as every step of a queue takes them, see readQueue
-- ARGV[3] user           id
-- ARGV[4] place          score of the place
-- ARGV[5] activeUntilMs  epoch ms, end of the slot; 0: the place was waiting
-- ARGV[6] drawValue      order of a place in the lobby of a lottery; empty: the place itself
-- ARGV[7] isBeforeDraw   "1": no user knows a position yet, so the place goes to its own order also later,
--   unless the lobby has closed: then another instance may have told positions
-- returns "stale-epoch": nothing was done, see readQueue
-- returns "known": the place, or a newer one, stays as it is; see mayRestore
-- returns "restored"
-- atomic because the user may join, or the database's record arrive, between reading and restoring
-- cost O(log n)
-- @use add-to-lobby
-- @use live-place
-- @use may-restore
-- @use open-queue
-- @use remove-place
-- @use replaced-field
-- @use restore-slot
-- @use return-to-queue
-- @use waiting-slot
local queue = openQueue(ARGV[1], ARGV[2])
if not queue then
  return { "stale-epoch" }
end
local user, place, activeUntilMs = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local isActive = activeUntilMs > queue.nowMs
local live, slot = livePlace(queue, user)
if not mayRestore(queue, user, place, isActive, live, slot) then
  return { "known" }
end
if live and live > place then
  redis.call("HSET", metaKey, replacedField(user), string.format("%.0f", live))
end
removePlace(user)
if isActive then
  local known = live == place and slot or waitingSlot("S", place, 1)
  restoreSlot(user, place, activeUntilMs, known.reservation, known.holdUntilMs)
elseif not queue.recoveryEndMs
  and (ARGV[7] ~= "1" or redis.call("HGET", metaKey, "lobbyClosedAt")) then
  returnToQueue(queue, user, waitingSlot("R", place, 0))
elseif ARGV[6] ~= "" then
  addToLobby(queue, user, place, ARGV[6])
else
  redis.call("ZADD", waitingKey, place, user)
end
return { "restored" }
