-- expireLease: what becomes of an ACTIVE slot whose lease is over. First that applies:
-- "kept", untilMs  during a grace: a hold may extend the slot, or the user could not claim it; epoch ms, end
--   of the lease
-- "lapsed"   the slot was claimed, or an earlier admission was not: the place ends
-- "skipped"  the slot was not claimed, and this is the first time: the user gets a second chance on return
-- @use end-place
-- @use hold-grace-end
-- @use save-active-slot
-- @use skip-place
-- @use write-member
local function expireLease(queue, user, slot)
  local graceEndMs = holdGraceEnd(queue, slot)
  if queue.nowMs < graceEndMs then
    writeMember(user, "ZADD", activeKey, graceEndMs, user)
    return "kept", graceEndMs
  end
  local claimEndMs = math.min(queue.claimGraceUntilMs, slot.sessionUntilMs)
  if slot.claimByMs > 0 and queue.nowMs < claimEndMs then
    slot.claimByMs = claimEndMs
    saveActiveSlot(user, slot, claimEndMs)
    return "kept", claimEndMs
  end
  if slot.claimByMs == 0 or slot.secondChanceUsed > 0 then
    endPlace(queue, user, slot.place, "LAPSED")
    return "lapsed"
  end
  slot.secondChanceUsed = 1
  redis.call("ZREM", activeKey, user)
  redis.call("HINCRBY", metaKey, "turnsEnded", 1)
  skipPlace(queue, user, slot)
  return "skipped"
end
