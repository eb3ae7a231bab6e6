-- standing: where a place stands, as a word, the place, and a number or reason.
-- "waiting", place, position | "active", place, expiresAtMs | "ended", place, reason | "unknown", place, 0
-- Whoever asks is there: an admitted person claims the slot, one who was set aside has returned.
local function goneStatus(user, place)
  local known, reason = string.match(redis.call("HGET", ending, user) or "", "^(%d+):(.+)$")
  if known and tonumber(known) >= place then
    return "ended", place, reason
  end
  if placeThatGaveWay(user) == place then
    return "ended", place, "LEFT"
  end
  return "unknown", place, 0
end

local function slotStatus(user, slot)
  if slot.state == "A" then
    local leaseMs, how = tonumber(redis.call("ZSCORE", active, user)), "kept"
    if leaseMs <= nowMs then
      if watch then
        judgeSilence(askSlowestMs, graceMs, silenceMs)
      end
      how = lapse(user, slot)
      leaseMs = tonumber(redis.call("ZSCORE", active, user))
    end
    if how == "lapsed" then
      return "ended", slot.place, "LAPSED"
    end
    if how == "kept" then
      -- An old file does not know whether he was set aside since: nobody claims before that is known.
      if slot.claimBy > 0 and isPuttingBack() then
        return "waiting", slot.place, slot.told
      end
      if slot.claimBy > 0 then
        slot.claimBy = 0
        leaseMs = math.max(leaseMs, leaseOf(slot))
        keepActive(user, slot, leaseMs)
      end
      local ownMs = leaseOf(slot)
      return "active", slot.place, ownMs > nowMs and ownMs or leaseMs
    end
  end
  if slot.state == "S" then
    comeBack(user, slot)
  end
  local rank = redis.call("ZRANK", returned, user)
  if rank + 1 < slot.told then
    slot.told = rank + 1
    keepSlot(user, slot)
  end
  expect(user, rank, slot.told)
  return "waiting", slot.place, slot.told
end

-- asked: the place in question; nil for the one that the user has.
local function placeStatus(user, asked)
  local place = waitingPlace(user)
  local slot = not place and readSlot(user) or nil
  local live = place or slot and slot.place
  if not live or asked and asked > live then
    return goneStatus(user, asked or 0)
  end
  if asked and asked < live then
    return "ended", asked, ""
  end
  if slot then
    return slotStatus(user, slot)
  end
  local rank = redis.call("ZRANK", waiting, user)
  expect(user, rank, rank + 1)
  return "waiting", place, rank + 1
end
