-- standing: where a place stands, as a word, the place, and a number or reason.
-- "waiting", place, position | "active", place, expiresAtMs | "ended", place, reason | "unknown", place, 0
-- Whoever asks is there: an admitted person claims the slot, one who was set aside has returned.
local function goneStanding(user, place)
  local known, reason = string.match(redis.call("HGET", ending, user) or "", "^(%d+):(.+)$")
  if known and tonumber(known) >= place then
    return "ended", place, reason
  end
  return "unknown", place, 0
end

local function slotStanding(user, slot)
  if slot.state == "A" then
    local leaseMs = tonumber(redis.call("ZSCORE", active, user))
    if leaseMs > nowMs then
      if slot.claimBy > 0 then
        slot.claimBy = 0
        leaseMs = leaseOf(slot)
        keepActive(user, slot, leaseMs)
      end
      local ownMs = leaseOf(slot)
      return "active", slot.place, ownMs > nowMs and ownMs or leaseMs
    end
    if lapse(user, slot) == "lapsed" then
      return "ended", slot.place, "LAPSED"
    end
  end
  if slot.state == "S" then
    slot.state = "R"
    keepSlot(user, slot)
    redis.call("ZREM", aside, user)
    redis.call("ZADD", returned, redis.call("HINCRBY", meta, "returns", 1), user)
    note("RETURNED", user, slot.place, 0)
  end
  return "waiting", slot.place, math.min(slot.told, redis.call("ZRANK", returned, user) + 1)
end

-- asked: the place in question; nil for the one that the user has.
local function standing(user, asked)
  local place = waitingPlace(user)
  local slot = not place and readSlot(user) or nil
  local live = place or slot and slot.place
  if not live or asked and asked > live then
    return goneStanding(user, asked or 0)
  end
  if asked and asked < live then
    return "ended", asked, ""
  end
  if slot then
    return slotStanding(user, slot)
  end
  return "waiting", place, redis.call("ZRANK", waiting, user) + 1
end
