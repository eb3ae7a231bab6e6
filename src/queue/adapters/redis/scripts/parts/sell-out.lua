-- sellOut: the part of a pass that sees the sale sold out, of a queue with a waiting list. Begins the list, and takes
-- users without a hold out of their slots, at most peopleMax:
-- within stockLagMs from the beginning  all of them end: no user has been admitted since
-- later                                 those who were admitted before that time, and have no attempt in flight, go
--                                       back among those who returned, in the order of their places
-- returns whether there may be more
-- @use count-holding
-- @use end-place
-- @use get-slot
-- @use return-to-queue
local function sellOut(queue, claimMs, peopleMax)
  if not queue.waitingListAtMs then
    queue.waitingListAtMs = queue.nowMs
    redis.call("HSET", metaKey, "waitingListAt", string.format("%.0f", queue.nowMs))
  end
  local isBeginning = queue.nowMs < queue.waitingListAtMs + stockLagMs
  local places, slots, users = {}, {}, {}
  local first = redis.call("ZRANGE", activeKey, 0, peopleMax + countHolding(queue.nowMs) - 1)
  for _, user in ipairs(first) do
    local slot = getSlot(user)
    local isOld = slot.sessionUntilMs - claimMs <= queue.nowMs - stockLagMs
      and slot.inFlight == 0
    if slot.holdUntilMs <= queue.nowMs and (isBeginning or isOld) and #places < peopleMax then
      places[#places + 1], slots[slot.place], users[slot.place] = slot.place, slot, user
    end
  end
  table.sort(places)
  for _, place in ipairs(places) do
    if isBeginning then
      endPlace(queue, users[place], place, "SOLD_OUT")
    else
      redis.call("ZREM", activeKey, users[place])
      redis.call("ZREM", holdingKey, users[place])
      redis.call("HINCRBY", metaKey, "turnsEnded", 1)
      returnToQueue(queue, users[place], slots[place])
    end
  end
  return #places == peopleMax
end
