-- rebuild: bring the line to what the database knows of people, after its store may have lost them.
-- ARGV[3] last      "1": that was everybody, and the line may go on when its time has come
-- ARGV[4..] people  user, place, fate, value, reservation and expiresAtMs of each: "ended", reason
--   | "admitted", epoch ms of the slot's end, the hold that carries it or empty, and its end or 0
--   | "aside", chances used
-- returns "rebuilt" | "over", nobody is waited for any more
-- cost O(people · log n)
-- @use line
-- @use lobby
-- @use slot
-- @use recovery
-- @use carry
local function ended(user, place, live, reason)
  if reason == "PAID" then
    redis.call("SADD", bought, user)
  end
  if live and live <= place then
    if isOfLobby(place) then
      rememberLobbyPlace(user, place)
    end
    forget(user)
  end
end

local function admitted(user, place, slot, sessionMs, reservation, holdMs)
  if slot and slot.state == "A" and slot.place == place and slot.session >= sessionMs then
    if holdMs > math.max(nowMs, slot.hold) then
      carryHold(user, place, reservation, holdMs)
    end
    return
  end
  forget(user)
  if math.max(sessionMs, holdMs) <= nowMs then
    return endPlace(user, place, "LAPSED")
  end
  -- Whether he had come is not known: he is not made to prove it, and has no second chance.
  local back = { state = "A", place = place, told = untold, chances = 1, claimBy = 0,
    session = sessionMs, hold = holdMs, reservation = reservation }
  keepActive(user, back, leaseOf(back))
  if holdMs > nowMs then
    redis.call("ZADD", holding, holdMs, user)
  end
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

-- Another instance has put everybody back, and the line has gone on: what was read before is old.
if not recoversAtMs then
  return { "over" }
end
for i = 4, #ARGV, 6 do
  local user, place, fate, value = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
  local slot = readSlot(user)
  local live = waitingPlace(user) or slot and slot.place
  local over = tonumber(string.match(redis.call("HGET", ending, user) or "", "^(%d+):"))
  local isNews = (not live or live <= place) and (not over or over < place)
  if fate == "ended" then
    ended(user, place, live, value)
  elseif isNews and fate == "admitted" then
    admitted(user, place, slot, tonumber(value), ARGV[i + 4], tonumber(ARGV[i + 5]))
  elseif isNews then
    setAsideAgain(user, place, slot, tonumber(value))
  end
end
if ARGV[3] == "1" then
  redis.call("HSET", meta, "rebuilt", "1")
end
return { "rebuilt" }
