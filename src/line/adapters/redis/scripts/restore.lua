-- restore: put back a place that this store has lost, at its own order; once people are no longer
-- waited for, he is served first like all who come back.
-- ARGV[3] user           id
-- ARGV[4] place          score of the place
-- ARGV[5] activeUntilMs  epoch ms of the slot's end; 0: the place was waiting
-- ARGV[6] drawValue      order of a place in a lottery's lobby; empty: the place itself
-- ARGV[7] untold         "1": before the draw nobody knows his position, so each goes to his own order,
--   unless the lobby was closed meanwhile: another instance may have told positions
-- returns "restored" | "known"
-- cost O(log n)
-- @use line
-- @use lobby
-- @use slot
-- @use recovery
local user, place, activeUntilMs = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])

-- He may wait by an old file who was admitted since, and nobody but his token may know of it.
local function mayBeOld(slot)
  return recoversAtMs and not (slot and slot.state == "A" and slot.claimBy == 0)
end

local live, slot = livePlace(user)
local isHere = live == place and not (activeUntilMs > nowMs and mayBeOld(slot))
if live and live > place or isHere or (endedPlace(user) or 0) >= place then
  return { "known" }
end
-- An older place of his can only be here because its end was lost with this one.
forget(user)
if activeUntilMs > nowMs then
  keepActive(user, { state = "A", place = place, told = 1, chances = 1, claimBy = 0,
    session = activeUntilMs, hold = 0, reservation = "" }, activeUntilMs)
elseif not recoversAtMs and (ARGV[7] ~= "1" or redis.call("HGET", meta, "closed")) then
  comeBack(user, waitingSlot("R", place, untold, 0))
elseif ARGV[6] ~= "" then
  waitInLobby(user, place, ARGV[6])
else
  redis.call("ZADD", waiting, place, user)
end
return { "restored" }
