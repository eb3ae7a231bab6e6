-- holdGraceEnd: epoch ms before which a slot does not end, because Redis may not know yet that a hold carries
-- it; 0 or a time that is over: no grace.
local function holdGraceEnd(queue, slot)
  if queue.awaitsRebuild then
    return queue.nowMs + 1000
  end
  return slot.claimByMs == 0 and queue.holdGraceUntilMs or 0
end
