-- freeSlots: how many users a pass may admit: by the rate, the cap, and the free seats.
-- counts  a table: active, holding
-- terms   a table: units, maxActive, shoppersMax, admitsFromMs; seatsFree: nil without a waiting list
-- @use count-taken
local function freeSlots(queue, counts, terms)
  local fromMs = terms.admitsFromMs
  local shoppers, seats = counts.active - counts.holding, terms.shoppersMax
  if terms.seatsFree and queue.waitingListAtMs then
    shoppers, seats = shoppers + countTaken(queue.nowMs), terms.seatsFree
    -- Before that time an instance may take the sale for sold out no more, or not yet.
    fromMs = fromMs and math.max(fromMs, queue.waitingListAtMs + stockLagMs)
  end
  if not fromMs or queue.nowMs < fromMs or queue.recoveryEndMs then
    return 0
  end
  return math.max(0, math.min(math.floor(terms.units / unitsPerToken),
    terms.maxActive - counts.active, seats - shoppers))
end
