-- turn: whether a place may act now. A slot whose own time is over may not, though a request in flight
-- keeps it: "active" and the slot | "unknown" | "ended" | "not-active" | "spared", nobody knows yet
-- whether a hold carries it
local function turnOf(user, place)
  local word = placeStatus(user, place)
  if word ~= "active" then
    return word == "waiting" and "not-active" or word
  end
  local slot = readSlot(user)
  if leaseOf(slot) <= nowMs then
    return nowMs < sparedUntil(slot) and "spared" or "ended"
  end
  return "active", slot
end
