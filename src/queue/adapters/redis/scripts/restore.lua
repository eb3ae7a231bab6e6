-- restore: put back a place that this store has lost, at its own order; once people are no longer
-- waited for, he is served first like all who come back. Until then a place of this life, on which he
-- waits, gives way to one of an earlier life.
-- ARGV[3] user           id
-- ARGV[4] place          score of the place
-- ARGV[5] activeUntilMs  epoch ms of the slot's end; 0: the place was waiting
-- ARGV[6] drawValue      order of a place in a lottery's lobby; empty: the place itself
-- ARGV[7] untold         "1": before the draw nobody knows his position, so each goes to his own order,
--   unless the lobby was closed meanwhile: another instance may have told positions
-- returns "restored" | "known"
-- cost O(log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use carry
local user, place, activeUntilMs = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])

-- He may wait by an old file who was admitted since, and nobody but his token may know of it; nor of
-- the session of a slot that a hold made.
local function mayBeOld(slot)
  local isClaimed = slot and slot.state == "A" and slot.claimBy == 0
  return recoversAtMs and not (isClaimed and slot.session > 0)
end

-- A new place that he was given while nobody knew of this one gives way to it.
local function givesWay(live)
  local first = firstPlaceIn(tonumber(ARGV[1]))
  return recoversAtMs and live >= first and place < first and redis.call("ZSCORE", waiting, user)
end

-- Whether this place, or a newer one, stays as it is.
local function isKnown(live, slot)
  if (endedPlace(user) or 0) >= place or placeThatGaveWay(user) == place then
    return true
  end
  if live == place then
    return not (activeUntilMs > nowMs and mayBeOld(slot))
  end
  return live and live > place and not givesWay(live)
end

local live, slot = livePlace(user)
if isKnown(live, slot) then
  return { "known" }
end
if live and live > place then
  redis.call("HSET", meta, gaveWayOf(user), string.format("%.0f", live))
end
-- An older place of his can only be here because its end was lost with this one.
forget(user)
if activeUntilMs > nowMs then
  local known = live == place and slot or waitingSlot("S", place, untold, 1)
  giveBack(user, place, activeUntilMs, known.reservation, known.hold)
elseif not recoversAtMs and (ARGV[7] ~= "1" or redis.call("HGET", meta, "closed")) then
  comeBack(user, waitingSlot("R", place, untold, 0))
elseif ARGV[6] ~= "" then
  waitInLobby(user, place, ARGV[6])
else
  redis.call("ZADD", waiting, place, user)
end
return { "restored" }
