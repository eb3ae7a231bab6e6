-- rebuild: bring the queue to what the database knows of people, after its store may have lost them.
-- ARGV[3] last      "1": that was everybody, and the queue may go on when its time has come
-- ARGV[4..] people  user, place, fate, value, reservation and expiresAtMs of each: "ended", reason
--   | "admitted", epoch ms of the slot's end, the hold that carries it or empty, and its end or 0
--   | "aside", chances used
-- returns "rebuilt" | "over", everybody has been put back
-- cost O(people · log n)
-- @use queue
-- @use lobby
-- @use slot
-- @use recovery
-- @use presence
-- @use carry
local function ended(user, place, reason)
  if reason == "PAID" then
    redis.call("SADD", bought, user)
  end
  local live = livePlace(user)
  if live and live <= place then
    if isOfLobby(place) then
      rememberLobbyPlace(user, place)
    end
    forget(user)
  end
end

local function admitted(user, place, slot, sessionMs, reservation, holdMs)
  local isHis = slot and slot.state == "A" and slot.place == place
  if isHis and slot.session >= sessionMs then
    if holdMs > math.max(nowMs, slot.hold) then
      carryHold(user, place, reservation, holdMs)
    end
    return
  end
  -- What was told meanwhile is newer than what was read.
  if isHis and slot.hold > holdMs then
    reservation, holdMs = slot.reservation, slot.hold
  end
  if math.max(sessionMs, holdMs) > nowMs then
    return giveBack(user, place, sessionMs, reservation, holdMs)
  end
  endPlace(user, place, "LAPSED")
end

local function setAsideAgain(user, place, slot, chances)
  -- A slot that nobody has claimed is one that the database knows to be over.
  local isOld = slot and slot.state == "A" and slot.claimBy > 0
  if slot and slot.place == place and not isOld then
    return
  end
  forget(user)
  keepSlot(user, waitingSlot("S", place, untold, chances))
  redis.call("ZADD", aside, place, user)
end

-- Another instance has put everybody back: what was read before is old.
if not isPuttingBack() then
  return { "over" }
end
for i = 4, #ARGV, 6 do
  local user, place, fate, value = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
  if fate == "ended" then
    ended(user, place, value)
  elseif isNews(user, place) and fate == "admitted" then
    admitted(user, place, readSlot(user), tonumber(value), ARGV[i + 4], tonumber(ARGV[i + 5]))
  elseif isNews(user, place) then
    setAsideAgain(user, place, readSlot(user), tonumber(value))
  end
end
if ARGV[3] == "1" then
  redis.call("HSET", meta, "rebuilt", "1")
  -- Who came before could not claim a slot of an old file: he has until he is to ask again.
  if watch then
    local untilMs = math.max(lenientUntilMs, nowMs + askSlowestMs + graceMs)
    redis.call("HSET", meta, "lenient", string.format("%.0f", untilMs))
  end
end
return { "rebuilt" }
