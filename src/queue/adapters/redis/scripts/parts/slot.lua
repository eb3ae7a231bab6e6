-- slot: what is kept of somebody who has been admitted, and how a slot and a place end.
-- A slot's state is A (active), S (set aside, away) or R (returned, waits to be served first).
-- Stands for the position of somebody who was told none.
local untold = 2147483647

local function readSlot(user)
  local text = redis.call("HGET", slots, user)
  if not text then
    return nil
  end
  local state, place, told, chances, claimBy, session, hold, reservation =
    string.match(text, "^(%a)(%d+):(%d+):(%d+):(%d+):(%d+):(%d+):(.*)$")
  return {
    state = state, place = tonumber(place), told = tonumber(told), chances = tonumber(chances),
    claimBy = tonumber(claimBy), session = tonumber(session), hold = tonumber(hold),
    reservation = reservation,
  }
end

-- The live place of somebody, wherever he is, or nil; and his slot, or nil.
local function livePlace(user)
  local slot = readSlot(user)
  return waitingPlace(user) or slot and slot.place, slot
end

local function keepSlot(user, slot)
  redis.call("HSET", slots, user, string.format("%s%.0f:%.0f:%.0f:%.0f:%.0f:%.0f:%s", slot.state,
    slot.place, slot.told, slot.chances, slot.claimBy, slot.session, slot.hold, slot.reservation))
end

-- Until when a slot lasts by its own right; claimBy is 0 once the slot has been claimed.
local function leaseOf(slot)
  if slot.claimBy > 0 then
    return slot.claimBy
  end
  return math.max(slot.session, slot.hold)
end

local function keepActive(user, slot, leaseMs)
  keepSlot(user, slot)
  redis.call("ZADD", active, leaseMs, user)
end

local function note(kind, user, place, untilMs)
  local n = redis.call("HINCRBY", meta, "journal", 1)
  redis.call("ZADD", journal, n, string.format("%.0f %s %s %s %.0f %.0f %.0f", n, ARGV[1], kind,
    user, place, nowMs, untilMs))
end

-- The field of meta that counts somebody's attempts in flight; it is there while there are any.
local function flightsOf(user)
  return "flights:" .. user
end

-- Takes somebody out of the queue, wherever he is.
local function forget(user)
  redis.call("ZREM", waiting, user)
  redis.call("ZREM", active, user)
  redis.call("ZREM", aside, user)
  redis.call("ZREM", returned, user)
  redis.call("ZREM", holding, user)
  redis.call("HDEL", slots, user)
  redis.call("HDEL", present, user)
  redis.call("HDEL", meta, flightsOf(user))
end

-- The newest place of somebody that is known to have ended; nil when none is.
local function endedPlace(user)
  return tonumber(string.match(redis.call("HGET", ending, user) or "", "^(%d+):"))
end

local function rememberEnd(user, place, reason)
  redis.call("HSET", ending, user, string.format("%.0f:%s", place, reason))
end

local function endPlace(user, place, reason)
  if isOfLobby(place) then
    rememberLobbyPlace(user, place)
  end
  forget(user)
  rememberEnd(user, place, reason)
  redis.call("HINCRBY", meta, reason, 1)
  note(reason, user, place, 0)
end

-- ACTIVE people whose slot is carried by a hold that lasts.
local function countHolding()
  return redis.call("ZCOUNT", holding, "(" .. string.format("%.0f", nowMs), "+inf")
end

-- Somebody who waits, or waited, outside of the order of the queue: what is kept of him.
local function waitingSlot(state, place, told, chances)
  return { state = state, place = place, told = told, chances = chances, claimBy = 0, session = 0,
    hold = 0, reservation = "" }
end

-- He is not here: he is not waited for, and is served first when he comes back.
local function setAside(user, slot)
  slot.state = "S"
  keepSlot(user, slot)
  redis.call("HDEL", present, user)
  redis.call("ZADD", aside, slot.place, user)
  note("STEPPED_OVER", user, slot.place, 0)
end

-- He is here again, or for the first time in this life of the store: next in the order of return.
local function comeBack(user, slot)
  slot.state = "R"
  keepSlot(user, slot)
  redis.call("ZREM", aside, user)
  redis.call("ZADD", returned, redis.call("HINCRBY", meta, "returns", 1), user)
  note("RETURNED", user, slot.place, 0)
end
