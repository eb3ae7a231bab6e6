-- useSlot: lets the time of an ACTIVE slot that is not used begin at a moment; 0 in the slot: it has no end.
-- fromMs  epoch ms; the end of a hold that carries the slot may lie ahead
local function useSlot(queue, slot, fromMs)
  slot.idleUntilMs = queue.idleMs > 0 and fromMs + queue.idleMs or 0
end
