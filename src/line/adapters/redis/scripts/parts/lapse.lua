-- lapse: a slot whose lease is over. Who never came is set aside, once; all others have had their turn.
-- "lapsed" | "stepped-over" | "kept", for who could not come
local function lapse(user, slot)
  if slot.claimBy > 0 and nowMs < math.min(lenientUntilMs, slot.session) then
    slot.claimBy = math.min(lenientUntilMs, slot.session)
    keepActive(user, slot, slot.claimBy)
    return "kept"
  end
  if slot.claimBy == 0 or slot.chances > 0 then
    endPlace(user, slot.place, "LAPSED")
    return "lapsed"
  end
  slot.chances = 1
  redis.call("ZREM", active, user)
  setAside(user, slot)
  return "stepped-over"
end
